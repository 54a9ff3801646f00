import type { ErrorObject } from 'ajv'

import {
  appendPointer,
  closestName,
  compareFindings,
  isObject,
  parsePointer,
  type Finding,
} from '../../domain/index.ts'
import type { SourceDocument } from '../document/index.ts'
import { knownMembers } from './known-members.ts'
import { selectErrors } from './select-errors.ts'

interface Explanation {
  readonly message: string
  readonly hint: string
  readonly pointer?: string
  readonly part?: 'key' | 'value'
}

/** Turns the errors of a structure validator (compiled with `verbose` and `allErrors`) into findings, one for a cause. */
export function explainErrors(errors: readonly ErrorObject[], document: SourceDocument): readonly Finding[] {
  const seen = new Set<string>()
  const findings = selectErrors(errors).flatMap((error) => {
    const { message, hint, pointer = error.instancePath, part = 'value' } = explain(error)
    const id = `${pointer} ${message}`
    if (seen.has(id)) return []
    seen.add(id)
    const at = document.locate(pointer, part)
    return [{ rule: 'openapi-structure', code: 'E1004', severity: 'error' as const, message, hint, at }]
  })
  return findings.toSorted(compareFindings)
}

function explain(error: ErrorObject): Explanation {
  return EXPLAIN[error.keyword]?.(error) ?? other(error)
}

const EXPLAIN: Readonly<Record<string, (error: ErrorObject) => Explanation>> = {
  unevaluatedProperties: unknownMember,
  additionalProperties: unknownMember,
  required: ({ params, instancePath }) => {
    const missing = quote(String(params['missingProperty']))
    return {
      message: `${subject(instancePath)} has no ${missing}`,
      hint: `Add ${missing}; OpenAPI requires it here.`,
      part: 'key',
    }
  },
  type: ({ params, instancePath, data }) => {
    const wanted = String(params['type']).split(',').map(nounOf).join(' or ')
    const isLooseText = wanted === 'a string' && (typeof data === 'number' || typeof data === 'boolean')
    return {
      message: `${subject(instancePath)} is ${show(data)}, not ${wanted}`,
      hint: isLooseText ? `Put it in quotes: "${String(data)}".` : `Write ${wanted} here.`,
    }
  },
  enum: ({ params, instancePath, data }) => {
    const allowed = (params['allowedValues'] as readonly unknown[]).map(String)
    const meant = typeof data === 'string' ? closestName(data, allowed) : undefined
    return {
      message: `${subject(instancePath)} is ${show(data)}, which is none of the values that OpenAPI knows here`,
      hint: meant === undefined ? `Use one of: ${allowed.join(', ')}.` : `Did you mean ${quote(meant)}?`,
    }
  },
  const: ({ params, instancePath, data }) => ({
    message: `${subject(instancePath)} is ${show(data)}`,
    hint: `It must be ${show(params['allowedValue'])} here.`,
  }),
  pattern: ({ params, instancePath, data }) => ({
    message: `${subject(instancePath)} is ${show(data)}, which is not of the form that OpenAPI asks for`,
    hint: `It must match ${String(params['pattern'])}.`,
  }),
  format: ({ params, instancePath, data }) => ({
    message: `${subject(instancePath)} is ${show(data)}, which is not a valid ${String(params['format'])}`,
    hint: `Write a ${String(params['format'])} here.`,
  }),
  minProperties: ({ instancePath }) => ({
    message: `${subject(instancePath)} is empty`,
    hint: 'Give it at least one member.',
    part: 'key',
  }),
  oneOf: choice,
  anyOf: choice,
  not: ({ instancePath, parentSchema }) => {
    const names = requiredNames(isObject(parentSchema) ? parentSchema['not'] : undefined)
    const message =
      names.length === 0
        ? `${subject(instancePath)} has a form that OpenAPI forbids here`
        : `${subject(instancePath)} has ${names.map(quote).join(' and ')} at once`
    return { message, hint: 'Leave only one of them.', part: 'key' }
  },
  'false schema': ({ instancePath }) => ({
    message: `${subject(instancePath)} may not stand here`,
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
  const message = `${subject(instancePath)} has an unknown member ${quote(name)}`
  return { message, hint, pointer: appendPointer(instancePath, name), part: 'key' }
}

function choice({ params, instancePath, schema }: ErrorObject): Explanation {
  const branches: readonly unknown[] = Array.isArray(schema) ? schema : []
  const names = branches.flatMap(requiredNames).map(quote)
  const passing = params['passingSchemas'] as readonly number[] | null | undefined
  if (names.length === 0) {
    const hint = 'Compare it with the OpenAPI specification.'
    return { message: `${subject(instancePath)} fits none of the forms that OpenAPI allows here`, hint }
  }
  return passing === null || passing === undefined
    ? {
        message: `${subject(instancePath)} has none of ${names.join(', ')}`,
        hint: `Add one of them.`,
        part: 'key',
      }
    : {
        message: `${subject(instancePath)} has ${names.join(' and ')} at once`,
        hint: 'Leave only one of them.',
        part: 'key',
      }
}

function requiredNames(schema: unknown): readonly string[] {
  return isObject(schema) && Array.isArray(schema['required']) ? schema['required'].map(String) : []
}

function other({ instancePath, message = 'is not valid' }: ErrorObject): Explanation {
  return {
    message: `${subject(instancePath)} ${message}`,
    hint: 'Compare it with the OpenAPI specification.',
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

function subject(pointer: string): string {
  const tokens = parsePointer(pointer)
  const last = tokens.at(-1)
  if (last === undefined) return 'The document'
  return /^\d+$/.test(last) && tokens.length > 1
    ? `Item ${Number(last) + 1} of ${quote(tokens.at(-2) ?? '')}`
    : quote(last)
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
