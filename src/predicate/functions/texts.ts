import type { Type } from '../types/index.ts'
import {
  Failure,
  isInt,
  isList,
  isMap,
  mapSize,
  type Budget,
  type Result,
  type Value,
} from '../values/index.ts'
import { signature, type Apply, type FunctionDefinition } from './definition.ts'
import { codePoints, textLength, unitOf } from './code-points.ts'

/** Characters that are searched or copied in about the time of one call. */
const HANDLED_PER_UNIT = 16
const TEXTS: Type = { list: 'string' }

function size(_: Budget, value: Value): Result | undefined {
  if (typeof value === 'string') return textLength(value)
  if (isList(value) || value instanceof Uint8Array) return value.length
  return isMap(value) ? mapSize(value) : undefined
}

/** A test of two texts, which takes as long as the first is. */
function textTest(test: (text: string, part: string) => boolean): Apply {
  return (budget, text, part) => {
    if (typeof text !== 'string' || typeof part !== 'string') return undefined
    if (text.length >= HANDLED_PER_UNIT) spend(budget, text)
    return test(text, part)
  }
}

function search(budget: Budget, text: string, part: string): void {
  budget.spend(Math.ceil(text.length / HANDLED_PER_UNIT) * Math.ceil((part.length + 1) / 64))
}

function contains(budget: Budget, text: Value, part: Value): Result | undefined {
  if (typeof text !== 'string' || typeof part !== 'string') return undefined
  search(budget, text, part)
  return text.includes(part)
}

function charAt(budget: Budget, text: Value, index: Value): Result | undefined {
  if (typeof text !== 'string' || !isInt(index)) return undefined
  spend(budget, text)
  const length = textLength(text)
  if (index < 0 || index > length) return outside()
  const at = unitOf(text, Number(index))
  const codePoint = text.codePointAt(at)
  return codePoint === undefined ? '' : String.fromCodePoint(codePoint)
}

function indexOf(budget: Budget, text: Value, part: Value, [from]: readonly Value[]): Result | undefined {
  if (typeof text !== 'string' || typeof part !== 'string') return undefined
  search(budget, text, part)
  if (from === undefined) return positionOf(text, text.indexOf(part))
  if (!isInt(from)) return undefined
  if (from < 0 || from >= textLength(text)) return outside()
  return positionOf(text, text.indexOf(part, unitOf(text, Number(from))))
}

function lastIndexOf(budget: Budget, text: Value, part: Value, [from]: readonly Value[]): Result | undefined {
  if (typeof text !== 'string' || typeof part !== 'string') return undefined
  search(budget, text, part)
  if (from === undefined) return positionOf(text, text.lastIndexOf(part))
  if (!isInt(from)) return undefined
  if (from < 0 || from >= textLength(text)) return outside()
  return positionOf(text, text.lastIndexOf(part, unitOf(text, Number(from))))
}

/** The position in code points of a position in UTF-16 units. */
function positionOf(text: string, unit: number): number {
  return unit <= 0 ? unit : textLength(text.slice(0, unit))
}

function substring(budget: Budget, text: Value, start: Value, [end]: readonly Value[]): Result | undefined {
  if (typeof text !== 'string' || !isInt(start) || (end !== undefined && !isInt(end))) return undefined
  spend(budget, text)
  const length = textLength(text)
  const last = end ?? length
  if (start < 0 || start > length || last < 0 || last > length) return outside()
  if (start > last) return new Failure('the substring ends before it starts')
  return text.slice(unitOf(text, Number(start)), unitOf(text, Number(last)))
}

function replace(
  budget: Budget,
  text: Value,
  part: Value,
  [by, limit]: readonly Value[],
): Result | undefined {
  if (typeof text !== 'string' || typeof part !== 'string' || typeof by !== 'string') return undefined
  if (limit !== undefined && !isInt(limit)) return undefined
  search(budget, text, part)
  const all = part === '' ? ['', ...codePoints(text), ''] : text.split(part)
  const most = limit === undefined || limit < 0 ? all.length - 1 : Math.min(all.length - 1, Number(limit))
  budget.spend(Math.ceil((text.length + most * by.length) / HANDLED_PER_UNIT))
  return (
    all.slice(0, most + 1).join(by) +
    all
      .slice(most + 1)
      .map((rest) => part + rest)
      .join('')
  )
}

function split(budget: Budget, text: Value, separator: Value, [limit]: readonly Value[]): Result | undefined {
  if (typeof text !== 'string' || typeof separator !== 'string' || (limit !== undefined && !isInt(limit))) {
    return undefined
  }
  search(budget, text, separator)
  if (limit === 0) return []
  const parts = separator === '' ? codePoints(text) : text.split(separator)
  budget.spend(parts.length)
  if (limit === undefined || limit < 0 || limit >= parts.length) return parts
  const count = Number(limit)
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)]
}

function joinTexts(budget: Budget, list: Value, separator: Value): Result | undefined {
  if (!isList(list) || (separator !== null && typeof separator !== 'string')) return undefined
  budget.spend(list.length)
  const between = separator ?? ''
  const parts: string[] = []
  let length = 0
  for (const element of list) {
    if (typeof element !== 'string') return new Failure('join() takes a list of texts')
    length += element.length + between.length
    parts.push(element)
  }
  budget.spend(Math.ceil(length / HANDLED_PER_UNIT))
  return parts.join(between)
}

function mapped(change: (text: string) => string): Apply {
  return (budget, text) => {
    if (typeof text !== 'string') return undefined
    spend(budget, text)
    return change(text)
  }
}

const SPACES = '[ \\t\\n\\v\\f\\r\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const LEADING = new RegExp(`^${SPACES}+`)
const SPACE = new RegExp(SPACES)

/** A pattern for the end of a text would be tried at every character. */
function trim(text: string): string {
  let end = text.length
  while (end > 0 && SPACE.test(text.charAt(end - 1))) end -= 1
  return text.slice(0, end).replace(LEADING, '')
}

const QUOTED: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
}

function quote(text: string): string {
  // oxlint-disable-next-line no-control-regex -- those are the characters that need an escape
  return `"${text.toWellFormed().replace(/[\u0007-\r"\\]/g, (character) => QUOTED[character] ?? character)}"`
}

function spend(budget: Budget, text: string): void {
  budget.spend(Math.ceil(text.length / HANDLED_PER_UNIT))
}

function outside(): Failure {
  return new Failure('the index is outside the text')
}

function method(
  name: string,
  parameters: readonly Type[],
  rest: Pick<FunctionDefinition, 'apply'> & { result: Type },
) {
  const { result, apply } = rest
  return { name, style: 'method', signatures: [signature(parameters, result)], apply } as const
}

const S = 'string'
const sizes: readonly Type[] = ['string', 'bytes', { list: 'dyn' }, { map: ['dyn', 'dyn'] }]

/** What texts can do in the standard and in the `strings` extension of the language. */
export const texts: readonly FunctionDefinition[] = [
  { name: 'size', style: 'both', signatures: sizes.map((type) => signature([type], 'int')), apply: size },
  method('contains', [S, S], { result: 'bool', apply: contains }),
  method('startsWith', [S, S], { result: 'bool', apply: textTest((text, part) => text.startsWith(part)) }),
  method('endsWith', [S, S], { result: 'bool', apply: textTest((text, part) => text.endsWith(part)) }),
  method('charAt', [S, 'int'], { result: S, apply: charAt }),
  method('indexOf', [S, S], { result: 'int', apply: indexOf }),
  method('indexOf', [S, S, 'int'], { result: 'int', apply: indexOf }),
  method('lastIndexOf', [S, S], { result: 'int', apply: lastIndexOf }),
  method('lastIndexOf', [S, S, 'int'], { result: 'int', apply: lastIndexOf }),
  method('lowerAscii', [S], {
    result: S,
    apply: mapped((text) => text.replace(/[A-Z]+/g, (run) => run.toLowerCase())),
  }),
  method('upperAscii', [S], {
    result: S,
    apply: mapped((text) => text.replace(/[a-z]+/g, (run) => run.toUpperCase())),
  }),
  method('trim', [S], { result: S, apply: mapped(trim) }),
  method('substring', [S, 'int'], { result: S, apply: substring }),
  method('substring', [S, 'int', 'int'], { result: S, apply: substring }),
  method('replace', [S, S, S], { result: S, apply: replace }),
  method('replace', [S, S, S, 'int'], { result: S, apply: replace }),
  method('split', [S, S], { result: TEXTS, apply: split }),
  method('split', [S, S, 'int'], { result: TEXTS, apply: split }),
  method('join', [TEXTS], { result: S, apply: joinTexts }),
  method('join', [TEXTS, S], { result: S, apply: joinTexts }),
  { name: 'strings.quote', style: 'function', signatures: [signature([S], S)], apply: mapped(quote) },
]
