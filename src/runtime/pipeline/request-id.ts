import { Known, type Fields } from '../http/index.ts'

const SANE = /^[A-Za-z0-9._~:@=+/-]{1,128}$/

/** The client's `x-request-id` where it can be logged and forwarded as it is, else a fresh one. */
export function requestIdOf(headers: Fields, randomId: () => string): string {
  const given = headers.getKnown(Known.xRequestId)
  return given !== undefined && SANE.test(given) ? given : randomId()
}
