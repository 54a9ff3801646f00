import { appendPointer, didYouMean, isObject } from '../../../domain/index.ts'
import type { GraphNode } from '../../document/index.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const discriminatorMapping: Rule = {
  id: 'discriminator-mapping',
  code: 'E1003',
  severity: 'warning',
  summary: 'The `mapping` of a discriminator leads to schemas.',
  visit: {
    schema: (node, context) => {
      const discriminator = node.value['discriminator']
      const mapping = isObject(discriminator) ? discriminator['mapping'] : undefined
      if (!isObject(mapping)) return
      for (const [value, target] of Object.entries(mapping)) {
        if (typeof target === 'string') checkTarget(node, value, target, context)
      }
    },
  },
}

function checkTarget(
  { document, pointer }: GraphNode,
  value: string,
  target: string,
  context: RuleContext,
): void {
  const { set, roots, report } = context
  // The schemas of the description that refers to this file could be meant.
  const isName = /^[\w.-]+$/.test(target) && !/\.(?:ya?ml|json)$/i.test(target)
  if (isName && !roots.includes(document)) return
  // A file that nothing else refers to was not read.
  const isHere = isName || target.startsWith('#')
  const ref = isName ? `#/components/schemas/${target}` : target
  if (!isHere || set.resolve({ document, pointer }, ref) !== undefined) return
  const components = isObject(document.root) ? document.root['components'] : undefined
  const schemas =
    isObject(components) && isObject(components['schemas']) ? Object.keys(components['schemas']) : []
  report({
    at: { document, pointer: appendPointer(`${pointer}/discriminator/mapping`, value) },
    message: `The mapping of ${JSON.stringify(value)} leads to no schema`,
    hint: didYouMean(
      target.slice(target.lastIndexOf('/') + 1),
      schemas,
      'Name a schema of `components`, or refer to one.',
    ),
  })
}
