import { isProblemError } from '../../domain/index.ts'
import type { GatewayRequest } from '../http/index.ts'
import type { ReloadResult } from '../reload/index.ts'
import { createAllowance } from '../limits/index.ts'
import { createTokenCheck, unauthorized } from './admin-access.ts'
import { jsonAnswer, withHeader, type Answer } from './answer.ts'

/** Reloads by a call to the admin listener. */
export interface ReloadCall {
  /** What the caller has to present as a bearer token. */
  readonly token: string
  readonly reload: () => Promise<ReloadResult>
}

const CALLS_PER_SECOND = 5

/** Answers `POST /_admin/reload`: 200 when what was loaded serves, 422 where it was refused. */
export function createReloadPage(
  { token, reload }: ReloadCall,
  monotonicMs: () => number,
): (request: GatewayRequest) => Promise<Answer> {
  const presentsToken = createTokenCheck(token)
  const mayCall = createAllowance(CALLS_PER_SECOND, monotonicMs)
  return async (request) => {
    if (!mayCall())
      return withHeader(jsonAnswer(429, { error: 'too many calls in a second' }), 'retry-after', '1')
    if (!presentsToken(request)) return unauthorized()
    try {
      return jsonAnswer(200, await reload())
    } catch (error) {
      if (!isProblemError(error)) throw error
      const { code, message, hint } = error.problem
      return jsonAnswer(code === 'BCN_RELOAD_DRAINING' ? 503 : 422, { error: message, code, hint })
    }
  }
}
