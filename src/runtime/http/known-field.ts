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

/** Names in lower case, by number. */
const names: readonly string[] = Object.keys(Known).map((key) =>
  key === 'http2Settings'
    ? 'http2-settings'
    : key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
)

/** The same as codes: reading those is quicker than reading a second text. */
const codes = names.map((name) => Uint8Array.from(name, (letter) => letter.charCodeAt(0)))

/** Numbers by length and first letter: most fields of a message share them with no known one. */
const candidates: (readonly KnownField[] | undefined)[] = []
for (const [id, name] of names.entries()) {
  if (id === Known.other) continue
  const slot = slotOf(name.length, name.charCodeAt(0))
  candidates[slot] = [...(candidates[slot] ?? []), id as KnownField]
}
for (let slot = 0; slot < candidates.length; slot += 1) candidates[slot] ??= undefined

/** Bit 0x20 is the case of a letter; no other character of a token becomes a letter or a hyphen by it. */
function slotOf(length: number, code: number): number {
  return (length << 5) | (code & 0x1f)
}

/** The name of a known field in lower case. */
export function knownName(id: KnownField): string {
  return names[id] as string
}

/** Which field the name at `text[start, end)` is, without regard to case. The text must be a token (RFC 9110 §5.6.2). */
export function knownField(text: string, start: number, end: number): KnownField {
  const slot = slotOf(end - start, text.charCodeAt(start))
  const found = slot < candidates.length ? candidates[slot] : undefined
  if (found === undefined) return Known.other
  for (const id of found) {
    if (spellsCodes(text, start, codes[id] as Uint8Array)) return id
  }
  return Known.other
}

function spellsCodes(text: string, start: number, lowerCodes: Uint8Array): boolean {
  for (let index = 0; index < lowerCodes.length; index += 1) {
    if ((text.charCodeAt(start + index) | 0x20) !== lowerCodes[index]) return false
  }
  return true
}

/** True where `text` at `start` is this name in any case; the text must be a token that far. */
export function spells(text: string, start: number, lowerName: string): boolean {
  for (let index = 0; index < lowerName.length; index += 1) {
    if ((text.charCodeAt(start + index) | 0x20) !== lowerName.charCodeAt(index)) return false
  }
  return true
}

/** Known fields as bits: `1 << id`. */
export type FieldSet = number

/** A set of known fields. */
export function fieldSet(...ids: readonly KnownField[]): FieldSet {
  return ids.reduce<FieldSet>((set, id) => set | (1 << id), 0)
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
