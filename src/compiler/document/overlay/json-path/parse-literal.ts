import type { Literal } from './query.ts'
import type { Scanner } from './scanner.ts'

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** A text in single or double quotes (RFC 9535 §2.3.1.1); undefined where none begins here. */
export function parseText(scanner: Scanner): string | undefined {
  const quote = scanner.take("'") ? "'" : scanner.take('"') ? '"' : undefined
  if (quote === undefined) return undefined
  let text = ''
  while (!scanner.take(quote)) {
    if (scanner.take('\\')) text += parseEscape(scanner, quote)
    // oxlint-disable-next-line no-control-regex -- control characters may not stand in a text
    else text += scanner.match(/[^\u0000-\u001f\\]/uy) ?? scanner.fail('The text does not end')
  }
  return text
}

function parseEscape(scanner: Scanner, quote: string): string {
  if (scanner.take(quote)) return quote
  const simple = scanner.match(/[bfnrt/\\]/y)
  if (simple !== undefined) return ESCAPES[simple] ?? simple
  const code = scanner.match(
    /u(?:[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(?![dD][89a-fA-F])[\da-fA-F]{4})/y,
  )
  if (code === undefined) return scanner.fail('The escape is unknown')
  return String.fromCharCode(
    ...code
      .split('u')
      .slice(1)
      .map((hex) => Number.parseInt(hex, 16)),
  )
}

/** An integer that JSON can hold exactly (RFC 9535 §2.1); undefined where none begins here. */
export function parseInteger(scanner: Scanner): number | undefined {
  const digits = scanner.match(/-?\d+/y)
  if (digits === undefined) return undefined
  if (!/^(?:0|-?[1-9]\d*)$/.test(digits)) scanner.fail(`${digits} is no integer of JSONPath`)
  const value = Number(digits)
  return Number.isSafeInteger(value) ? value : scanner.fail(`${digits} is too large`)
}

/** A text, number, `true`, `false` or `null` of a comparison; undefined where none begins here. */
export function parseLiteral(scanner: Scanner): { readonly literal: Literal } | undefined {
  const text = parseText(scanner)
  if (text !== undefined) return { literal: text }
  const number = scanner.match(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.])/y)
  if (number !== undefined) return { literal: Number(number) }
  const word = scanner.match(/(?:true|false|null)(?![\w(])/y)
  return word === undefined ? undefined : { literal: word === 'null' ? null : word === 'true' }
}
