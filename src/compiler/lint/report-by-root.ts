import type { Report, RuleContext } from './rule.ts'
import type { RouteNode } from './routes.ts'

/**
 * Reports routes as one finding for each description, at the first of them: where an author forgets one, there are many.
 *
 * @param describe says what is wrong with the first; `more` is empty or counts the others.
 */
export function reportByRoot(
  routes: readonly RouteNode[],
  report: RuleContext['report'],
  describe: (first: RouteNode, more: string) => Report,
): void {
  for (const [first, ...others] of Map.groupBy(routes, ({ root }) => root).values()) {
    if (first === undefined) continue
    report(describe(first, others.length > 0 ? ` and ${others.length} more` : ''))
  }
}
