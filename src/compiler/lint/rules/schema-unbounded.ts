import { isBounded } from '../../pattern/index.ts'
import { requestSchemas } from '../request-schemas.ts'
import type { Rule } from '../rule.ts'

/** Formats of a known length, and content that is not read as text. */
const BOUNDED_FORMATS = new Set(['date', 'date-time', 'time', 'duration', 'uuid', 'ipv4', 'ipv6', 'binary'])

export const schemaUnbounded: Rule = {
  id: 'schema-unbounded',
  severity: 'info',
  summary: 'Texts and lists of requests have a greatest length.',
  visit: {
    project: ({ set, routes, report }) => {
      for (const schema of requestSchemas(set, routes)) {
        const { value } = schema
        if (value['readOnly'] === true) continue
        if (hasType(value, 'string') && !isBoundedText(value)) {
          report({
            at: schema,
            part: 'key',
            message: 'The text can have any length',
            hint: 'Add `maxLength`.',
          })
        }
        if (hasType(value, 'array') && !isBoundedList(value)) {
          report({
            at: schema,
            part: 'key',
            message: 'The list can have any length',
            hint: 'Add `maxItems`.',
          })
        }
      }
    },
  },
}

type Schema = Readonly<Record<string, unknown>>

function hasType({ type }: Schema, name: string): boolean {
  return type === name || (Array.isArray(type) && type.includes(name))
}

function isBoundedText({ maxLength, enum: values, const: value, format, pattern }: Schema): boolean {
  return (
    maxLength !== undefined ||
    values !== undefined ||
    value !== undefined ||
    (typeof format === 'string' && BOUNDED_FORMATS.has(format)) ||
    (typeof pattern === 'string' && isBounded(pattern))
  )
}

function isBoundedList({ maxItems, enum: values, const: value, prefixItems, items }: Schema): boolean {
  const isTuple = prefixItems !== undefined && items === false
  return maxItems !== undefined || values !== undefined || value !== undefined || isTuple
}
