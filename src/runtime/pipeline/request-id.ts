import { firstHeader } from '../http/header-list.ts'
import type { RawHeaders } from '../http/port.ts'

const SANE = /^[A-Za-z0-9._~:@=+/-]{1,128}$/

/** The client's `x-request-id` where it can be logged and forwarded as it is, else a fresh one. */
export function requestIdOf(headers: RawHeaders, randomId: () => string): string {
  const given = firstHeader(headers, 'x-request-id')
  return given !== undefined && SANE.test(given) ? given : randomId()
}
