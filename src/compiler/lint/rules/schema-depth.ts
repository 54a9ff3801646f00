import { visitChildren, type Schema } from '../schema-children.ts'
import type { Rule } from '../rule.ts'

const MAX_DEPTH = 32

export const schemaDepth: Rule = {
  id: 'schema-depth',
  code: 'E1051',
  severity: 'error',
  protection: 'free',
  summary: `Schemas are nested ${MAX_DEPTH} levels deep at most.`,
  visit: {
    schema: (node, { report }) => {
      // In each chain one schema has exactly one level too many below it, so that a deep one is reported once.
      if (levelsOf(node.value) !== MAX_DEPTH + 1) return
      report({
        at: node,
        part: 'key',
        message: `Schemas are nested ${MAX_DEPTH + 1} levels deep from here on, more than ${MAX_DEPTH}`,
        hint: 'Name a part of it in `components/schemas`, and refer to it with `$ref`.',
      })
    },
  },
}

/** Remembered by schema: the walk comes past each level of a nest. */
const known = new WeakMap<Schema, number>()

/** How many levels a schema has, itself included; the depth of a document is limited when it is read. */
function levelsOf(schema: Schema): number {
  const remembered = known.get(schema)
  if (remembered !== undefined) return remembered
  let below = 0
  visitChildren(schema, (child) => {
    below = Math.max(below, levelsOf(child))
  })
  // Most schemas have few levels, and are faster looked at again than remembered.
  if (below > 1) known.set(schema, below + 1)
  return below + 1
}
