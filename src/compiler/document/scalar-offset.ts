/**
 * Where a character of a text value stands in what is written for it: in a plain, quoted or block scalar of YAML 1.2 (§7.3,
 * §8.1) or a string of JSON. What is written has characters that the value has not, such as indentation, quotes and the
 * strokes of escapes, and those that both have stand in the same order.
 *
 * @param offset of what is no blank, in UTF-16 units of the value
 * @returns in UTF-16 units of what is written; undefined where that is something else, as at an alias
 */
export function scalarOffset(written: string, value: string, offset: number): number | undefined {
  const style = styleOf(written)
  const skipped = style === DOUBLE_QUOTED || style === SINGLE_QUOTED ? 1 : 0
  let at = 0
  for (const { 0: unit, index } of written.slice(skipped).matchAll(style)) {
    const length = style === BLOCK ? blockLength(unit, value[at]) : flowLength(unit)
    const isText = !unit.startsWith('\\') && unit.trim() !== ''
    if (isText && unit[0] !== value[at]) return undefined
    if (offset < at + length) return index + skipped
    at += length
  }
  return undefined
}

const DOUBLE_QUOTED =
  /\\(?:(?:\r?\n[ \t]*)+|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[^])|(?:[ \t]*\r?\n)+[ \t]*|[^]/g
const SINGLE_QUOTED = /''|(?:[ \t]*\r?\n)+[ \t]*|[^]/g
const PLAIN = /(?:[ \t]*\r?\n)+[ \t]*|[^]/g
const BLOCK = /[^]/g

/** What is written of a block scalar begins behind its first line. */
function styleOf(written: string): RegExp {
  if (written.startsWith('"')) return DOUBLE_QUOTED
  if (written.startsWith("'")) return SINGLE_QUOTED
  return /^\s/.test(written) ? BLOCK : PLAIN
}

/** How many characters of the value a character of a flow scalar, an escape or the end of lines stands for. */
function flowLength(unit: string): number {
  if (unit.startsWith('\\U')) return Number.parseInt(unit.slice(2), 16) > 0xffff ? 2 : 1
  const breaks = unit.split('\n').length - 1
  // One end of a line is a space, or nothing behind a stroke; of several the first is nothing.
  return breaks === 0 || (breaks === 1 && !unit.startsWith('\\')) ? 1 : breaks - 1
}

/** The value has fewer blanks than what is written, and the end of a folded line is a space in it. */
function blockLength(character: string, next: string | undefined): number {
  return character === next || (character === '\n' && next === ' ') || character.trim() !== '' ? 1 : 0
}
