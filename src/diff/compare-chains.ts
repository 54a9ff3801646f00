import { formatPointer, type JsonValue, type PluginUse } from '../domain/index.ts'
import type { ChangeId, Report } from './change.ts'
import { compareJson, type JsonDifference } from './compare-json.ts'
import type { RoutePair } from './match-operations.ts'
import { isEqual } from './schema/index.ts'

/** Compares who stands before an operation and who answers it. */
export function compareChains({ before, after }: RoutePair, report: Report): void {
  compareMiddlewares(before.middlewares, after.middlewares, report)
  if (before.dispatch.name === after.dispatch.name)
    return compareDispatch(before.dispatch, after.dispatch, report)
  report('dispatcher-changed', '/dispatch', { before: before.dispatch.name, after: after.dispatch.name })
}

function compareMiddlewares(before: readonly PluginUse[], after: readonly PluginUse[], report: Report): void {
  const [was, is] = [numberUses(before), numberUses(after)]
  for (const [key, use] of was)
    if (!is.has(key)) report('middleware-removed', pointerOf(key), { before: use.name })
  for (const [key, use] of is) {
    const previous = was.get(key)
    if (previous === undefined) report('middleware-added', pointerOf(key), { after: use.name })
    else
      for (const { pointer, ...values } of compareJson(previous.config, use.config))
        report('middleware-config-changed', `${pointerOf(key)}/config${pointer}`, values)
  }
  const orders = [
    [...was.keys()].filter((key) => is.has(key)),
    [...is.keys()].filter((key) => was.has(key)),
  ] as const
  if (isEqual(...orders)) return
  report('middleware-reordered', '/middlewares', { before: orders[0], after: orders[1] })
}

/** Uses by name; a name that stands in a chain again is told apart by its number. */
function numberUses(uses: readonly PluginUse[]): ReadonlyMap<string, PluginUse> {
  const numbered = new Map<string, PluginUse>()
  const counts = new Map<string, number>()
  for (const use of uses) {
    const count = (counts.get(use.name) ?? 0) + 1
    counts.set(use.name, count)
    numbered.set(count === 1 ? use.name : `${use.name}#${count}`, use)
  }
  return numbered
}

function compareDispatch(before: PluginUse, after: PluginUse, report: Report): void {
  const isUpstream = before.name === 'http-upstream'
  for (const difference of compareJson(before.config, after.config)) {
    const { pointer, ...values } = difference
    report(
      isUpstream ? upstreamChange(difference) : 'dispatcher-config-changed',
      `/dispatch/config${pointer}`,
      values,
    )
  }
}

/** The timeout of `http-upstream` where none is given, in seconds. */
const DEFAULT_TIMEOUT_S = 30

function upstreamChange({ pointer, before, after }: JsonDifference): ChangeId {
  if (pointer === '/url') return 'upstream-url-changed'
  if (pointer !== '/timeout') return 'dispatcher-config-changed'
  return secondsOf(after) < secondsOf(before) ? 'upstream-timeout-lowered' : 'upstream-timeout-raised'
}

function secondsOf(timeout: JsonValue | undefined): number {
  return typeof timeout === 'number' ? timeout : DEFAULT_TIMEOUT_S
}

function pointerOf(key: string): string {
  return `/middlewares${formatPointer([key])}`
}
