import { appendPointer, didYouMean, nounOf } from '../../../domain/index.ts'
import type { GraphNode } from '../../document/index.ts'
import { isModernSchema, knowsOpenApi32 } from '../modern-schemas.ts'
import { hasMembers, memberFaults } from '../openapi-keywords.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { schemaKeywords, schemaTypes } from '../schema-keywords.ts'

export const schemaKeyword: Rule = {
  id: 'schema-keyword',
  severity: 'error',
  protection: 'free',
  summary: 'The keywords of schemas have values that JSON Schema knows.',
  visit: {
    schema: (node, context) => {
      if (!isModernSchema(node, context)) return
      for (const keyword of Object.keys(node.value)) {
        const value = node.value[keyword]
        const expected = schemaKeywords.get(keyword)?.(value)
        if (expected === undefined) {
          if (hasMembers(keyword)) reportMembers(keyword, node, context)
          continue
        }
        context.report({
          at: { document: node.document, pointer: appendPointer(node.pointer, keyword) },
          message: `\`${keyword}\` is ${nounOf(value)}, not ${expected}`,
          hint: HINTS[keyword]?.(value) ?? 'Correct it by JSON Schema 2020-12.',
        })
      }
    },
  },
}

function reportMembers(keyword: string, node: GraphNode, context: RuleContext): void {
  const { document, pointer: owner, value } = node
  for (const fault of memberFaults(keyword, value[keyword], knowsOpenApi32(node, context))) {
    const { pointer, message, hint } = fault
    context.report({ at: { document, pointer: appendPointer(owner, keyword) + pointer }, message, hint })
  }
}

const bound = (value: unknown): string | undefined =>
  typeof value === 'boolean'
    ? 'From OpenAPI 3.1 on it is the bound itself: write the number, without `maximum` or `minimum`.'
    : undefined

const HINTS: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  exclusiveMaximum: bound,
  exclusiveMinimum: bound,
  items: (value) => (Array.isArray(value) ? 'Schemas of single items stand in `prefixItems`.' : undefined),
  type: (value) =>
    typeof value === 'string' ? didYouMean(value, schemaTypes, 'Write one of them.') : undefined,
  required: (value) =>
    typeof value === 'boolean'
      ? 'Name the member in the list `required` of the schema that has it among its `properties`.'
      : undefined,
}
