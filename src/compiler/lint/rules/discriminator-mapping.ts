import { appendPointer, didYouMean, isObject } from '../../../domain/index.ts'
import type { GraphNode } from '../../document/index.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const discriminatorMapping: Rule = {
  id: 'discriminator-mapping',
  code: 'E1003',
  severity: 'warning',
  summary: 'The `mapping` of a discriminator, and its `defaultMapping`, lead to schemas.',
  visit: {
    schema: (node, context) => {
      const discriminator = node.value['discriminator']
      if (!isObject(discriminator)) return
      const { mapping, defaultMapping } = discriminator
      for (const [value, target] of Object.entries(isObject(mapping) ? mapping : {})) {
        const what = `The mapping of ${JSON.stringify(value)}`
        checkTarget(node, { what, pointer: appendPointer('/mapping', value), target }, context)
      }
      // OpenAPI 3.2 §4.25.
      checkTarget(
        node,
        { what: 'The default mapping', pointer: '/defaultMapping', target: defaultMapping },
        context,
      )
    },
  },
}

interface Mapping {
  readonly what: string
  /** From the discriminator on. */
  readonly pointer: string
  readonly target: unknown
}

function checkTarget({ document, pointer }: GraphNode, mapping: Mapping, context: RuleContext): void {
  const { target } = mapping
  if (typeof target !== 'string') return
  const { set, roots, report } = context
  // The schemas of the description that refers to this file could be meant.
  const isName = /^[\w.-]+$/.test(target) && !/\.(?:ya?ml|json)$/i.test(target)
  if (isName && !roots.includes(document)) return
  // A file that nothing else refers to was not read.
  const isHere = isName || target.startsWith('#')
  if (!isHere) return
  const resolved = isName
    ? set.resolve({ document, pointer: '' }, `#/components/schemas/${target}`)
    : set.resolve({ document, pointer }, target)
  if (resolved !== undefined) return
  const components = isObject(document.root) ? document.root['components'] : undefined
  const schemas =
    isObject(components) && isObject(components['schemas']) ? Object.keys(components['schemas']) : []
  report({
    at: { document, pointer: `${pointer}/discriminator${mapping.pointer}` },
    message: `${mapping.what} leads to no schema`,
    hint: didYouMean(
      target.slice(target.lastIndexOf('/') + 1),
      schemas,
      'Name a schema of `components`, or refer to one.',
    ),
  })
}
