import { Known } from '../known-field.ts'
import type { MessageParser } from '../llhttp/message-parser.ts'

/** True for an answer whose end another reader could see elsewhere (RFC 9112 §6.3): it is not passed on. */
export function isAmbiguous({ text, spans }: MessageParser): boolean {
  let length: string | undefined
  let coding: string | undefined
  for (let at = 0; at < spans.length; at += 5) {
    if (spans[at] === Known.contentLength) {
      if (length !== undefined) return true
      length = text.slice(spans[at + 3], spans[at + 4])
    } else if (spans[at] === Known.transferEncoding) {
      if (coding !== undefined) return true
      coding = text.slice(spans[at + 3], spans[at + 4])
    }
  }
  if (coding !== undefined) return length !== undefined || coding.toLowerCase() !== 'chunked'
  return length !== undefined && !Number.isSafeInteger(Number(length))
}
