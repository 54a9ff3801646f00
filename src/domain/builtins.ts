import { authMiddlewares } from './builtin-auth.ts'
import { dispatchers } from './builtin-dispatch.ts'
import { resilienceMiddlewares } from './builtin-resilience.ts'
import { trafficMiddlewares } from './builtin-traffic.ts'
import { transformMiddlewares } from './builtin-transform.ts'
import type { Builtin } from './builtin.ts'

/** The built-in dispatchers and middlewares by name; they need no entry in `plugins:`. */
export const builtins: ReadonlyMap<string, Builtin> = new Map(
  [
    ...dispatchers,
    ...authMiddlewares,
    ...trafficMiddlewares,
    ...resilienceMiddlewares,
    ...transformMiddlewares,
  ].map((builtin) => [builtin.name, builtin]),
)
