import { fieldSet, Known } from '../known-field.ts'
import type { MessageParser } from '../llhttp/message-parser.ts'

const BOTH = fieldSet(Known.contentLength, Known.transferEncoding)

/** True for an answer whose end another reader could see elsewhere (RFC 9112 §6.3): it is not passed on. */
export function isAmbiguous({ text, spans, known }: MessageParser): boolean {
  const present = known & BOTH
  if (present === 0) return false
  if (present === BOTH) return true
  let value: string | undefined
  for (let at = 0; at < spans.length; at += 5) {
    if ((BOTH & (1 << (spans[at] as number))) === 0) continue
    if (value !== undefined) return true
    value = text.slice(spans[at + 3], spans[at + 4])
  }
  if (present === 1 << Known.transferEncoding) return value?.toLowerCase() !== 'chunked'
  return !Number.isSafeInteger(Number(value))
}
