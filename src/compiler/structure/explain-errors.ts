import type { ErrorObject } from 'ajv'

import { appendPointer, closestName, isObject, parsePointer, resolvePointer } from '../../domain/index.ts'
import { knownMembers } from './known-members.ts'
import { selectErrors } from './select-errors.ts'

/** What is wrong with a value, at the JSON Pointer of the value or of the key at fault. */
export interface StructureFault {
  readonly message: string
  readonly hint: string
  readonly pointer: string
  readonly part: 'key' | 'value'
}

type Explanation = Pick<StructureFault, 'message' | 'hint'> & Partial<StructureFault>

/**
 * Turns the errors of a validator (compiled with `verbose` and `allErrors`) into faults, one for a cause.
 *
 * @param root the value that was validated.
 * @param whole what to call it, e.g. `The document`.
 */
export function explainErrors(
  errors: readonly ErrorObject[],
  root: unknown,
  whole: string,
): readonly StructureFault[] {
  const faults = new Map<string, StructureFault>()
  for (const error of selectErrors(errors)) {
    const explanation = EXPLAIN[error.keyword]?.(error) ?? other(error)
    const message = `${subject(error.instancePath, root, whole)} ${explanation.message}`
    const fault = { pointer: error.instancePath, part: 'value' as const, ...explanation, message }
    faults.set(`${fault.pointer} ${message}`, fault)
  }
  return [...faults.values()]
}

const EXPLAIN: Readonly<Record<string, (error: ErrorObject) => Explanation>> = {
  unevaluatedProperties: unknownMember,
  additionalProperties: unknownMember,
  required: ({ params }) => {
    const missing = quote(String(params['missingProperty']))
    return {
      message: `has no ${missing}`,
      hint: `Add ${missing}; it is required here.`,
      part: 'key',
    }
  },
  type: ({ params, data }) => {
    const wanted = String(params['type']).split(',').map(nounOf).join(' or ')
    const isLooseText = wanted === 'a string' && (typeof data === 'number' || typeof data === 'boolean')
    return {
      message: `is ${show(data)}, not ${wanted}`,
      hint: isLooseText ? `Put it in quotes: "${String(data)}".` : `Write ${wanted} here.`,
    }
  },
  enum: ({ params, data }) => {
    const allowed = (params['allowedValues'] as readonly unknown[]).map(String)
    const meant = typeof data === 'string' ? closestName(data, allowed) : undefined
    return {
      message: `is ${show(data)}, which is none of the known values`,
      hint: meant === undefined ? `Use one of: ${allowed.join(', ')}.` : `Did you mean ${quote(meant)}?`,
    }
  },
  const: ({ params, data }) => ({
    message: `is ${show(data)}`,
    hint: `It must be ${show(params['allowedValue'])} here.`,
  }),
  pattern: ({ params, data, instancePath, propertyName }) => {
    const hint = `It must match ${String(params['pattern'])}.`
    return propertyName === undefined
      ? { message: `is ${show(data)}, which does not have the form required here`, hint }
      : {
          message: `has a member ${quote(propertyName)}, whose name does not have the form required here`,
          hint,
          pointer: appendPointer(instancePath, propertyName),
          part: 'key',
        }
  },
  format: ({ params, data }) => ({
    message: `is ${show(data)}, which is not a valid ${String(params['format'])}`,
    hint: `Write a ${String(params['format'])} here.`,
  }),
  minProperties: () => ({
    message: `is empty`,
    hint: 'Give it at least one member.',
    part: 'key',
  }),
  minItems: ({ params, data }) => {
    const isEmpty = Array.isArray(data) && data.length === 0
    const least = Number(params['limit'])
    return {
      message: isEmpty ? 'is an empty list' : 'has too few items',
      hint: `Give it at least ${least === 1 ? 'one item' : `${least} items`}.`,
    }
  },
  oneOf: choice,
  anyOf: choice,
  not: ({ parentSchema, schemaPath }) => {
    const [, beside] = /\/dependentSchemas\/(\w+)\/not$/.exec(schemaPath) ?? []
    const excluded = requiredNames(isObject(parentSchema) ? parentSchema['not'] : undefined)
    const names = beside === undefined ? excluded : [beside, ...excluded]
    const message =
      names.length === 0
        ? 'has a form that is forbidden here'
        : `has ${names.map(quote).join(' and ')} at once`
    return { message, hint: 'Leave only one of them.', part: 'key' }
  },
  'false schema': () => ({
    message: `may not stand here`,
    hint: 'Remove it.',
    part: 'key',
  }),
}

function unknownMember({ params, instancePath, parentSchema }: ErrorObject): Explanation {
  const name = String(params['unevaluatedProperty'] ?? params['additionalProperty'])
  const meant = closestName(name, knownMembers(parentSchema))
  const hint =
    meant === undefined
      ? 'Remove it, or begin its name with `x-` if it is an extension.'
      : `Did you mean ${quote(meant)}?`
  const message = `has an unknown member ${quote(name)}`
  return { message, hint, pointer: appendPointer(instancePath, name), part: 'key' }
}

function choice({ params, schema }: ErrorObject): Explanation {
  const branches: readonly unknown[] = Array.isArray(schema) ? schema : []
  const names = branches.flatMap(requiredNames).map(quote)
  const passing = params['passingSchemas'] as readonly number[] | null | undefined
  if (names.length === 0) {
    const hint = 'Compare it with the specification.'
    return { message: `fits none of the forms that are allowed here`, hint }
  }
  return passing === null || passing === undefined
    ? {
        message: `has none of ${names.join(', ')}`,
        hint: `Add one of them.`,
        part: 'key',
      }
    : {
        message: `has ${names.join(' and ')} at once`,
        hint: 'Leave only one of them.',
        part: 'key',
      }
}

function requiredNames(schema: unknown): readonly string[] {
  return isObject(schema) && Array.isArray(schema['required']) ? schema['required'].map(String) : []
}

function other({ message = 'is not valid' }: ErrorObject): Explanation {
  return {
    message,
    hint: 'Compare it with the specification.',
  }
}

const NOUNS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'a boolean',
  object: 'an object',
  array: 'a list',
  null: 'null',
}

function nounOf(type: string): string {
  return NOUNS[type] ?? type
}

function subject(pointer: string, root: unknown, whole: string): string {
  const tokens = parsePointer(pointer)
  const last = tokens.at(-1)
  if (last === undefined) return whole
  // A key may be a number, too, as the status of an answer is.
  const isItem = tokens.length > 1 && Array.isArray(resolvePointer(root, parentOf(pointer)))
  return isItem ? `Item ${Number(last) + 1} of ${quote(tokens.at(-2) ?? '')}` : quote(last)
}

function parentOf(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf('/'))
}

function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (isObject(value)) return 'an object'
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function quote(name: string): string {
  return `\`${name.length > 60 ? `${name.slice(0, 57)}…` : name}\``
}
