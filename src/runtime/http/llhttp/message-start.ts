export function isWhiteSpace(code: number): boolean {
  return code === 0x20 || code === 0x09
}

/** Empty lines may stand before a message (RFC 9112 §2.2). */
const REQUEST = /^(?:\r\n)*[A-Z-]+ $/
const RESPONSE = /^(?:\r\n)*HTTP\/1\.[01] \d{3} ?(?:\r\n)?$/

const USUAL_RESPONSE = Buffer.from('HTTP/1.1 200 ')

/** True for what may stand before the target of a request: llhttp takes more than one space behind a method. */
export function isRequestStart(text: string): boolean {
  return REQUEST.test(text)
}

/** True for what may stand before the reason or the first field of a response: llhttp takes those of other protocols, too. */
export function isResponseStart(text: string): boolean {
  return RESPONSE.test(text)
}

/** True for the starts of nearly all responses that llhttp takes, without a text; every one of them is a {@link isResponseStart}. */
export function isUsualResponseStart(chunk: Uint8Array, length: number): boolean {
  if (length !== USUAL_RESPONSE.length) return false
  for (let index = 0; index < 'HTTP/1.'.length; index += 1) {
    if (chunk[index] !== USUAL_RESPONSE[index]) return false
  }
  // The version is 1.0 or 1.1; three digits stand between the spaces, since llhttp takes nothing else for a status.
  return ((chunk[7] as number) | 1) === 0x31 && chunk[8] === 0x20 && chunk[12] === 0x20
}
