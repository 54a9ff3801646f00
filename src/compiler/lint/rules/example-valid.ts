import { isObject } from '../../../domain/index.ts'
import { oncePerSet, type GraphNode } from '../../document/index.ts'
import {
  createMatcher,
  hasExamples,
  hasOwnExamples,
  ownExamples,
  schemaExamples,
  type PlacedValue,
} from '../examples/index.ts'
import type { Rule, RuleContext } from '../rule.ts'

/** Of other media types an example is a text, which is not what the schema describes. */
const STRUCTURED =
  /^(?:application\/json|[^;]*\+json|application\/x-www-form-urlencoded|multipart\/.*)\s*(?:;|$)/i

export const exampleValid: Rule = {
  id: 'example-valid',
  severity: 'warning',
  summary: 'Examples match their schemas.',
  visit: {
    parameter: checkOwner,
    header: checkOwner,
    mediaType: (node, context) => {
      if (!hasOwnExamples(node)) return
      const type = node.pointer.slice(node.pointer.lastIndexOf('/') + 1).replaceAll('~1', '/')
      if (STRUCTURED.test(type)) checkOwner(node, context)
    },
    schema: (node, context) => {
      if (hasExamples(node)) check(schemaExamples(node), node, context)
    },
  },
}

function checkOwner(owner: GraphNode, context: RuleContext): void {
  if (owner.value['schema'] === undefined || !hasOwnExamples(owner)) return
  const { document, pointer, value } = owner
  const schema = { document, pointer: `${pointer}/schema`, value: value['schema'] }
  check(ownExamples(owner, context.set), schema, context)
}

function check(examples: readonly PlacedValue[], schema: PlacedValue, context: RuleContext): void {
  if (examples.length === 0 || !isObject(schema.value)) return
  const match = matcherOf(context.set)
  for (const { document, pointer, value } of examples) {
    for (const mismatch of match(value, schema).slice(0, MAX_MISMATCHES)) {
      context.report({
        at: { document, pointer: pointer + mismatch.pointer },
        message: `The example does not match its schema: ${mismatch.reason}`,
        hint: 'Correct the example, or the schema if the example is right.',
      })
    }
  }
}

/** Of one example; an old one differs from its schema everywhere. */
const MAX_MISMATCHES = 10

const matcherOf = oncePerSet(createMatcher)
