import {
  doubleOf,
  Failure,
  isInt,
  isList,
  isMap,
  kindOf,
  lookupKeyOf,
  mapGet,
  mapKeys,
  TypeName,
  Uint,
  type Budget,
  type ListValue,
  type Result,
  type Value,
} from '../values/index.ts'
import { conversions } from './conversions.ts'
import { NO_REST, signature, type FunctionDefinition } from './definition.ts'

const CLAUSE = /%(?:%|(?:\.(\d{1,3}))?([a-zA-Z]))|%|[^%]+/g
const WRITTEN_PER_UNIT = 8
const MAX_PRECISION = 100
const MAX_DEPTH = 32
const DEFAULT_PRECISION = 6

/** `"%d of %s".format([1, "x"])`, with the clauses s, d, f, e, b, o, x and X (strings extension). */
function format(budget: Budget, template: Value, operands: Value): Result | undefined {
  if (typeof template !== 'string' || !isList(operands)) return undefined
  const parts: string[] = []
  let used = 0
  for (const [text, precision, clause] of template.matchAll(CLAUSE)) {
    if (clause === undefined) {
      if (text === '%') return new Failure('format(): a lone %')
      parts.push(text === '%%' ? '%' : text)
      continue
    }
    if (used >= operands.length) return new Failure('format(): more clauses than arguments')
    const part = formatOne(clause, {
      value: operands[used] as Value,
      precision: Number(precision ?? DEFAULT_PRECISION),
      budget,
    })
    if (part instanceof Failure) return part
    parts.push(part)
    used += 1
  }
  if (used < operands.length) return new Failure('format(): more arguments than clauses')
  const result = parts.join('')
  budget.spend(Math.ceil(result.length / WRITTEN_PER_UNIT))
  return result
}

interface Argument {
  readonly value: Value
  readonly precision: number
  readonly budget: Budget
}

function formatOne(clause: string, argument: Argument): string | Failure {
  switch (clause) {
    case 's':
      return formatText(argument.value, argument.budget, 0)
    case 'd':
      return formatDecimal(argument.value)
    case 'f':
    case 'e':
      return formatFloat(clause, argument)
    case 'b':
      return typeof argument.value === 'boolean'
        ? String(Number(argument.value))
        : formatRadix(argument.value, 2)
    case 'o':
      return formatRadix(argument.value, 8)
    case 'x':
      return formatHex(argument)
    case 'X': {
      const text = formatHex(argument)
      return typeof text === 'string' ? text.toUpperCase() : text
    }
    default:
      return new Failure(`format(): unknown clause %${clause}`)
  }
}

function formatDecimal(value: Value): string | Failure {
  const number = doubleOf(value)
  if (number !== undefined && !Number.isFinite(number)) return String(number)
  return formatRadix(value, 10)
}

function formatRadix(value: Value, radix: number): string | Failure {
  if (isInt(value)) return value.toString(radix)
  return value instanceof Uint ? value.value.toString(radix) : unsuited(value)
}

function formatHex({ value, budget }: Argument): string | Failure {
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) return formatRadix(value, 16)
  budget.spend(Math.ceil(value.length / WRITTEN_PER_UNIT))
  return Buffer.from(value as Uint8Array).toString('hex')
}

function formatFloat(clause: 'f' | 'e', { value, precision }: Argument): string | Failure {
  const number = typeof value === 'string' ? nonFinite(value) : doubleOf(value)
  if (number === undefined) return unsuited(value)
  if (precision > MAX_PRECISION) return new Failure(`format(): the precision ends at ${MAX_PRECISION}`)
  if (!Number.isFinite(number)) return String(number)
  if (clause === 'e') return number.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2')
  const digits = { minimumFractionDigits: precision, maximumFractionDigits: precision }
  return new Intl.NumberFormat('en-US', { ...digits, useGrouping: false, roundingMode: 'halfEven' }).format(
    number,
  )
}

function nonFinite(text: string): number | undefined {
  return ['NaN', 'Infinity', '-Infinity'].includes(text) ? Number(text) : undefined
}

function formatText(value: Value, budget: Budget, depth: number): string | Failure {
  if (depth > MAX_DEPTH) return new Failure('format(): the data is nested too deeply')
  if (value === null) return 'null'
  if (value instanceof TypeName) return value.name
  if (isList(value)) return formatList(value, budget, depth)
  if (isMap(value)) return formatMap(value, budget, depth)
  if (value instanceof Uint8Array) return Buffer.from(value).toString()
  const text = toText?.(budget, value, null, NO_REST)
  return typeof text === 'string' ? text : unsuited(value)
}

const toText = conversions.find(({ name }) => name === 'string')?.apply

function formatList(list: ListValue, budget: Budget, depth: number): string | Failure {
  budget.spend(list.length)
  const parts: string[] = []
  for (const element of list) {
    const part = formatText(element, budget, depth + 1)
    if (part instanceof Failure) return part
    parts.push(part)
  }
  return `[${parts.join(', ')}]`
}

function formatMap(map: Parameters<typeof mapKeys>[0], budget: Budget, depth: number): string | Failure {
  const entries: [string, string][] = []
  for (const key of mapKeys(map)) {
    budget.spend(1)
    const lookup = lookupKeyOf(key)
    const name = formatText(key, budget, depth + 1)
    const text = formatText(
      (lookup === undefined ? undefined : mapGet(map, lookup)) ?? null,
      budget,
      depth + 1,
    )
    if (name instanceof Failure) return name
    if (text instanceof Failure) return text
    entries.push([name, text])
  }
  const ordered = entries.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${ordered.map((entry) => entry.join(': ')).join(', ')}}`
}

function unsuited(value: Value): Failure {
  return new Failure(`format(): a ${kindOf(value)} does not fit the clause`)
}

export const formatting: readonly FunctionDefinition[] = [
  {
    name: 'format',
    style: 'method',
    signatures: [signature(['string', { list: 'dyn' }], 'string')],
    apply: format,
  },
]
