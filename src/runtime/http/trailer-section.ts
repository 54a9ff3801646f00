import { isFieldValue } from './fields.ts'

/**
 * What decides how a message is read, where it goes, who sends it and what may be done with it, and what the gateway says
 * itself: behind a body it would come too late, or from somebody else (RFC 9110 §6.5.1).
 */
const REFUSED =
  /^(?::.*|accept.*|age|authorization|cache-control|connection|content-(?:disposition|encoding|length|location|range|type)|cookie|date|expect|expires|forwarded|host|if-.*|keep-alive|location|max-forwards|pragma|proxy-.*|range|retry-after|sec-.*|set-cookie|te|trailer|transfer-encoding|upgrade|vary|via|www-authenticate|x-auth-.*|x-forwarded-.*|x-real-ip|x-request-id)$/

/** The fields behind a body, as they come. Nobody takes them for those of the head. */
export class TrailerSection {
  #pairs: string[] = []
  #isInName = false

  /** A piece of a name, behind the piece before it. */
  addName(chunk: Buffer, start: number, length: number): void {
    if (!this.#isInName) this.#pairs.push('', '')
    this.#isInName = true
    this.#pairs[this.#pairs.length - 2] += chunk.toString('latin1', start, start + length)
  }

  /** A piece of the value of the last name. */
  addValue(chunk: Buffer, start: number, length: number): void {
    this.#isInName = false
    this.#pairs[this.#pairs.length - 1] += chunk.toString('latin1', start, start + length)
  }

  /** Takes all of them at once, names and values by turns. */
  take(pairs: readonly string[]): void {
    this.#pairs = [...pairs]
  }

  clear(): void {
    if (this.#pairs.length > 0) this.#pairs = []
    this.#isInName = false
  }

  /** Those that may go on to the next hop, as lines that each end by CRLF; mostly none. */
  lines(): string {
    let lines = ''
    for (let at = 0; at < this.#pairs.length; at += 2) {
      const name = (this.#pairs[at] as string).toLowerCase()
      const value = (this.#pairs[at + 1] as string).trim()
      if (!REFUSED.test(name) && !name.includes('_') && isFieldValue(value)) lines += `${name}: ${value}\r\n`
    }
    return lines
  }
}

/** True for a message whose sender reads fields behind a body (RFC 9110 §10.1.4). */
export function acceptsTrailers(te: readonly string[]): boolean {
  return te.some((value) => value.split(',').some((coding) => coding.trim().toLowerCase() === 'trailers'))
}
