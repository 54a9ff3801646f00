const SURROGATE = /[\ud800-\udfff]/

/** The characters of a text, each a code point. */
export function codePoints(text: string): readonly string[] {
  return SURROGATE.test(text) ? Array.from(text) : text.split('')
}

/** The length of a text in code points, which is what the language counts. */
export function textLength(text: string): number {
  if (!SURROGATE.test(text)) return text.length
  let length = 0
  for (const _ of text) length += 1
  return length
}

/** The position in UTF-16 units of a position in code points. */
export function unitOf(text: string, position: number): number {
  if (!SURROGATE.test(text)) return position
  let unit = 0
  for (let count = 0; count < position; count += 1) unit += (text.codePointAt(unit) ?? 0) > 0xff_ff ? 2 : 1
  return unit
}
