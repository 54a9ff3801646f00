import type { Finding, Severity } from '../../../domain/index.ts'
import type { Origin } from '../tree.ts'

/** What is wrong with an overlay, at a place in it. */
export interface OverlayFault {
  readonly rule: 'overlay-structure' | 'overlay-action' | 'overlay-unmatched'
  /** `error` unless given. */
  readonly severity?: Severity
  readonly at: Origin
  readonly part?: 'key' | 'value'
  readonly message: string
  readonly hint: string
}

export type ReportOverlayFault = (fault: OverlayFault) => void

export function toOverlayFinding({ at, part, severity = 'error', ...rest }: OverlayFault): Finding {
  return { ...rest, severity, at: at.document.locate(at.pointer, part) }
}
