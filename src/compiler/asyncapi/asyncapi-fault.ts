import type { Finding } from '../../domain/index.ts'
import type { Origin } from '../document/index.ts'

/** What is wrong with an AsyncAPI description, at a place. */
export interface AsyncapiFault {
  readonly at: Origin
  readonly part?: 'key' | 'value'
  readonly code?: string
  readonly message: string
  readonly hint: string
}

export type ReportAsyncapiFault = (fault: AsyncapiFault) => void

export function toAsyncapiFinding({ at, part, code = 'E1004', message, hint }: AsyncapiFault): Finding {
  const place = at.document.locate(at.pointer, part)
  return { rule: 'asyncapi-structure', code, severity: 'error', message, hint, at: place }
}
