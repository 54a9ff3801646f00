import type { JsonValue, SecurityAlternative, SecurityAlternatives } from '../domain/index.ts'
import type { Report } from './change.ts'

/**
 * Compares what requests have to present. Who was let in by one alternative still is where another one asks for no more
 * than that.
 */
export function compareSecurity(
  before: SecurityAlternatives,
  after: SecurityAlternatives,
  report: Report,
): void {
  const values = { before: before.map(shown), after: after.map(shown) }
  const [wasOpen, isOpen] = [before, after].map((all) => all.some(({ size }) => size === 0))
  if (wasOpen !== isOpen) report(isOpen ? 'security-removed' : 'security-added', '/security', values)
  if (wasOpen || isOpen) return
  const isRaised = before.some((old) => !after.some((now) => asksNoMore(now, old)))
  const isLowered = after.some((now) => !before.some((old) => asksNoMore(old, now)))
  if (isRaised) report('security-raised', '/security', values)
  if (isLowered) report('security-lowered', '/security', values)
}

/** True where whoever can present what `other` asks for can present what this asks for. */
function asksNoMore(alternative: SecurityAlternative, other: SecurityAlternative): boolean {
  return [...alternative].every(([scheme, scopes]) => {
    const given = other.get(scheme)
    return given !== undefined && scopes.every((scope) => given.includes(scope))
  })
}

function shown(alternative: SecurityAlternative): JsonValue {
  return Object.fromEntries([...alternative].map(([scheme, scopes]) => [scheme, [...scopes]]))
}
