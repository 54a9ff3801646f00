import type { Severity } from '../../domain/index.ts'
import type { Style } from '../style.ts'

/** The severity in its colour, as wide as the widest. */
export function severityLabel(severity: Severity, style: Style): string {
  const paint = { error: style.red, warning: style.yellow, info: style.cyan }[severity]
  return paint(severity.padEnd('warning'.length))
}
