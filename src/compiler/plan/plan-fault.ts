import type { Finding, Severity } from '../../domain/index.ts'
import type { SourceDocument } from '../document/index.ts'

/** What stands in the way of compiling a description, at a place. */
export interface PlanFault {
  readonly rule: string
  readonly code?: string
  /** `error` unless given. */
  readonly severity?: Severity
  readonly at: { readonly document: SourceDocument; readonly pointer: string }
  readonly part?: 'key' | 'value'
  readonly message: string
  readonly hint: string
}

export type ReportPlanFault = (fault: PlanFault) => void

export function toPlanFinding({
  rule,
  code,
  severity = 'error',
  at,
  part,
  message,
  hint,
}: PlanFault): Finding {
  const place = at.document.locate(at.pointer, part)
  return { rule, ...(code === undefined ? {} : { code }), severity, message, hint, at: place }
}
