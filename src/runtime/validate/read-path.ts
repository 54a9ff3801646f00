import { decodePercent } from './decode-text.ts'
import { readText, type TextGrammar } from './read-text.ts'
import { faultReading, type Reading } from './reading.ts'
import type { Shape } from './shape.ts'

export interface PathRule {
  readonly name: string
  readonly style: 'simple' | 'label' | 'matrix'
  readonly explode: boolean
  readonly shape: Shape
}

/** Reads a path parameter of style simple, label or matrix (RFC 6570 §3.2). @throws {MalformedEscape} */
export function readPathParameter(raw: string, rule: PathRule): Reading {
  if (rule.style === 'simple') return readText(raw, grammar(',', rule.explode), rule.shape)
  return rule.style === 'label' ? readLabel(raw, rule) : readMatrix(raw, rule)
}

function readLabel(raw: string, { explode, shape }: PathRule): Reading {
  if (!raw.startsWith('.')) return faultReading('must begin with a dot')
  return readText(raw.slice(1), grammar(explode ? '.' : ',', explode), shape)
}

function readMatrix(raw: string, { name, explode, shape }: PathRule): Reading {
  if (!raw.startsWith(';')) return faultReading('must begin with a semicolon')
  const pieces = raw.slice(1).split(';')
  const named = pieces.map((piece) => valueOf(piece, name))
  if (named.every((value) => value !== undefined)) {
    if (named.length > 1 && !explode) return faultReading('is given more than once')
    // RFC 6570 gives each item its name; without the names they are a list between semicolons.
    return readText(named.join(';'), grammar(explode ? ';' : ',', false), shape)
  }
  if (explode) return readText(pieces.join(';'), grammar(';', true), shape)
  return faultReading(`must be written as ;${name}=value`)
}

function valueOf(piece: string, name: string): string | undefined {
  if (piece === name) return ''
  const equals = piece.indexOf('=')
  return equals !== -1 && decodePercent(piece.slice(0, equals)) === name ? piece.slice(equals + 1) : undefined
}

function grammar(delimiter: string, pairs: boolean): TextGrammar {
  return { delimiter, pairs, decode: decodePercent }
}
