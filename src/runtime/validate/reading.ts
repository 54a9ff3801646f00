/**
 * What was read of one parameter: nothing, a text that cannot be read, or the values it may stand for. Of several
 * candidates one must be valid; the first is the one whose faults are reported.
 */
export type Reading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'fault'; readonly reason: string }
  | { readonly kind: 'candidates'; readonly values: readonly unknown[] }

export const ABSENT: Reading = { kind: 'absent' }

export function faultReading(reason: string): Reading {
  return { kind: 'fault', reason }
}

export function candidates(...values: readonly unknown[]): Reading {
  return { kind: 'candidates', values }
}
