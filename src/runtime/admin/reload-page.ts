import { hash, timingSafeEqual } from 'node:crypto'

import { isProblemError } from '../../domain/index.ts'
import type { GatewayRequest } from '../http/index.ts'
import type { ReloadResult } from '../reload/index.ts'
import { createAllowance } from '../limits/index.ts'
import { jsonAnswer, type Answer } from './answer.ts'

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
  const expected = hash('sha256', `Bearer ${token}`, 'buffer')
  const mayCall = createAllowance(CALLS_PER_SECOND, monotonicMs)
  return async ({ headers }) => {
    if (!mayCall())
      return withHeader(jsonAnswer(429, { error: 'too many calls in a second' }), 'retry-after', '1')
    const given = hash('sha256', headers.get('authorization') ?? '', 'buffer')
    if (!timingSafeEqual(given, expected)) {
      return withHeader(jsonAnswer(401, { error: 'not authorized' }), 'www-authenticate', 'Bearer')
    }
    try {
      return jsonAnswer(200, await reload())
    } catch (error) {
      if (!isProblemError(error)) throw error
      const { code, message, hint } = error.problem
      return jsonAnswer(code === 'BCN_RELOAD_DRAINING' ? 503 : 422, { error: message, code, hint })
    }
  }
}

function withHeader(answer: Answer, name: string, value: string): Answer {
  return { ...answer, headers: [...answer.headers, name, value] }
}
