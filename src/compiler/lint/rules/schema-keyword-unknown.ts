import { appendPointer, misspeltName } from '../../../domain/index.ts'
import { keyFix } from '../key-fix.ts'
import { isModernSchema } from '../modern-schemas.ts'
import type { Rule } from '../rule.ts'
import { schemaKeywords } from '../schema-keywords.ts'

const KEYWORDS = [...schemaKeywords.keys()]

export const schemaKeywordUnknown: Rule = {
  id: 'schema-keyword-unknown',
  severity: 'warning',
  summary: 'No keyword of a schema is a slip of another, or one that has lost its meaning.',
  visit: {
    schema: (node, context) => {
      if (!isModernSchema(node, context)) return
      for (const key of Object.keys(node.value)) {
        const hint = schemaKeywords.has(key) ? undefined : hintFor(key)
        if (hint === undefined) continue
        context.report({
          at: { document: node.document, pointer: appendPointer(node.pointer, key) },
          part: 'key',
          message: `\`${key}\` means nothing in a schema, and is not checked`,
          hint,
          fix: keyFix(key, KEYWORDS, node.value),
        })
      }
    },
  },
}

/** Other unknown keywords are annotations, which JSON Schema allows. */
function hintFor(key: string): string | undefined {
  if (key === 'nullable') return "From OpenAPI 3.1 on write `type: [string, 'null']`."
  if (key.startsWith('x-')) return undefined
  const known = remembered.get(key)
  if (known !== undefined) return known === '' ? undefined : known
  const meant = misspeltName(key, KEYWORDS)
  const hint = meant === undefined ? '' : `Did you mean \`${meant}\`?`
  if (remembered.size < MAX_REMEMBERED) remembered.set(key, hint)
  return hint === '' ? undefined : hint
}

const MAX_REMEMBERED = 1000
const remembered = new Map<string, string>()
