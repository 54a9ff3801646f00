/** Fields that the gateway has to know of, by number; 0 is every other field. */
export const Known = {
  other: 0,
  connection: 1,
  contentLength: 2,
  contentType: 3,
  cookie: 4,
  date: 5,
  expect: 6,
  forwarded: 7,
  host: 8,
  http2Settings: 9,
  keepAlive: 10,
  proxyAuthenticate: 11,
  proxyAuthenticationInfo: 12,
  proxyAuthorization: 13,
  proxyConnection: 14,
  server: 15,
  te: 16,
  trailer: 17,
  transferEncoding: 18,
  upgrade: 19,
  via: 20,
  xContentTypeOptions: 21,
  xForwardedFor: 22,
  xForwardedHost: 23,
  xForwardedPort: 24,
  xForwardedProto: 25,
  xRealIp: 26,
  xRequestId: 27,
} as const

export type KnownField = (typeof Known)[keyof typeof Known]

interface Candidate {
  readonly id: KnownField
  readonly codes: readonly number[]
}

/** Names by their length: most fields of a message have a length that no known one has, or another first letter. */
const byLength: (readonly Candidate[] | undefined)[] = []
for (const [key, id] of Object.entries(Known)) {
  if (id === Known.other) continue
  const name = key === 'http2Settings' ? 'http2-settings' : key.replaceAll(/[A-Z]/g, (letter) => `-${letter}`)
  const codes = Array.from(name.toLowerCase(), (letter) => letter.charCodeAt(0))
  byLength[codes.length] = [...(byLength[codes.length] ?? []), { id, codes }]
}

/** Which field the name at `text[start, end)` is, without regard to case. The text must be a token (RFC 9110 §5.6.2). */
export function knownField(text: string, start: number, end: number): KnownField {
  const candidates = byLength[end - start]
  if (candidates === undefined) return Known.other
  for (const { id, codes } of candidates) {
    if (spells(text, start, codes)) return id
  }
  return Known.other
}

/** Bit 0x20 is the case of a letter; no other character of a token becomes a letter or a hyphen by it. */
function spells(text: string, start: number, codes: readonly number[]): boolean {
  for (let index = 0; index < codes.length; index += 1) {
    if ((text.charCodeAt(start + index) | 0x20) !== codes[index]) return false
  }
  return true
}

/** A set of known fields, to be asked by number. */
export function fieldSet(...ids: readonly KnownField[]): readonly boolean[] {
  const set: boolean[] = Object.values(Known).map(() => false)
  for (const id of ids) set[id] = true
  return set
}

/** Fields that one hop consumes (RFC 9110 §7.6.1), with those of older practice that still occur. */
export const HOP_BY_HOP: readonly KnownField[] = [
  Known.connection,
  Known.http2Settings,
  Known.keepAlive,
  Known.proxyAuthenticate,
  Known.proxyAuthenticationInfo,
  Known.proxyAuthorization,
  Known.proxyConnection,
  Known.te,
  Known.trailer,
  Known.transferEncoding,
  Known.upgrade,
]
