const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
/** Ids of one prefix. */
const SPAN = 2 ** 24

/**
 * Identifiers of requests: UUIDs of version 8 (RFC 9562 §5.8), of which the last 24 bits count and the rest is random. An id
 * says nothing that is secret; that no other node gives it is what it is for, and counting costs less than chance.
 */
export function createRequestIds(randomBytes: (size: number) => Uint8Array): () => string {
  let prefix = ''
  let count = SPAN
  return () => {
    if (count === SPAN) {
      prefix = prefixOf(randomBytes(13))
      count = 0
    }
    const [high, middle, low] = [HEX[count >> 16], HEX[(count >> 8) & 0xff], HEX[count & 0xff]]
    count += 1
    return `${prefix}${high}${middle}${low}`
  }
}

function prefixOf(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => HEX[byte]).join('')
  const variant = HEX[((bytes[8] as number) & 0x3f) | 0x80] as string
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20)}`
}
