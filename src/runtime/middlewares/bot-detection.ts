import type { JsonObject } from '../../domain/index.ts'
import type { BuiltMiddleware } from './middleware.ts'
import { refusalOf } from './refusal.ts'

/** Programs that send requests have few names, so that most are known after a while. */
const MAX_KNOWN = 1000
const MAX_KNOWN_LENGTH = 512

/** Refuses by the name in `User-Agent`; what allows goes before what denies. */
export function createBotDetection(config: JsonObject): BuiltMiddleware {
  const [allow, deny] = [config['allow'], config['deny']].map((list) =>
    ((list ?? []) as readonly string[]).map((part) => part.toLowerCase()),
  ) as [string[], string[]]
  const refusesEmpty = config['block_empty_ua'] === true
  const refuse = refusalOf('forbidden', {
    detail: config['message'] as string,
    status: config['status'] as number,
  })
  const judge = (agent: string): boolean => {
    const name = agent.toLowerCase()
    const fits = (part: string) => name.includes(part)
    return allow.some(fits) || !deny.some(fits)
  }
  const known = new Map<string, boolean>()
  return {
    handle: (next) => (exchange) => {
      const agent = exchange.request.headers.get('user-agent')?.trim() ?? ''
      if (agent === '' && refusesEmpty) return refuse(exchange)
      let isWelcome = known.get(agent)
      if (isWelcome === undefined) {
        isWelcome = judge(agent)
        if (known.size >= MAX_KNOWN) known.clear()
        if (agent.length <= MAX_KNOWN_LENGTH) known.set(agent, isWelcome)
      }
      if (!isWelcome) return refuse(exchange)
      next(exchange)
    },
  }
}
