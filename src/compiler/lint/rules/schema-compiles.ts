import { isObject } from '../../../domain/index.ts'
import { checkSchemaRules, type SourceDocument } from '../../document/index.ts'
import { checkPatterns } from '../../pattern/index.ts'
import { isModernSchema } from '../modern-schemas.ts'
import { requestSchemas } from '../request-schemas.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const schemaCompiles: Rule = {
  id: 'schema-compiles',
  severity: 'error',
  summary: 'Requests can be validated by the schemas for them.',
  visit: {
    // What is seen of a schema by itself; `compile` follows where they lead.
    project: (context) => {
      const { set, routes, report } = context
      const guarded = new Map<string, string | null>()
      for (const schema of requestSchemas(set, routes)) {
        const isOfOld = isOfOpenApi30(schema.document, context)
        // In OpenAPI 3.0 nothing beside a reference counts.
        if (isOfOld && schema.value['$ref'] !== undefined) continue
        if (!isOfOld) checkSchemaRules(schema, report)
        // Of invalid patterns the structure check tells in OpenAPI 3.0, `schema-keyword` in JSON Schema 2020-12.
        const areInvalidKnown = isOfOld || isModernSchema({ ...schema, type: 'schema' }, context)
        checkPatterns(schema, { report, guarded }, areInvalidKnown)
      }
    },
  },
}

/** A file that is no description itself is read by the rules of those that refer to it. */
function isOfOpenApi30(document: SourceDocument, { roots }: RuleContext): boolean {
  return roots.includes(document) ? isOld(document) : roots.some(isOld)
}

function isOld({ root }: SourceDocument): boolean {
  return isObject(root) && String(root['openapi']).startsWith('3.0.')
}
