import { appendPointer, didYouMean } from '../../../domain/index.ts'
import type { GraphNode } from '../../document/index.ts'
import { followReferences, memberOf, type ObjectNode } from '../routes.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const linkOperation: Rule = {
  id: 'link-operation',
  severity: 'warning',
  summary: 'Links lead to operations that there are.',
  visit: {
    project: (context) => {
      const { operations, report, set } = context
      if (![...set.documents.values()].some((document) => document.mentions('links'))) return
      const ids = new Set(operations.map(({ value }) => value['operationId']))
      const known = [...ids].filter((id) => typeof id === 'string')
      for (const link of linksOf(context)) {
        const { operationId, operationRef } = link.value
        if (typeof operationId === 'string' && !ids.has(operationId)) {
          report({
            at: { document: link.document, pointer: appendPointer(link.pointer, 'operationId') },
            message: `No operation has the operationId ${JSON.stringify(operationId)}`,
            hint: didYouMean(
              operationId,
              known,
              'Give it to the operation that is meant, or remove the link.',
            ),
          })
        }
        if (typeof operationRef !== 'string' || !operationRef.startsWith('#')) continue
        if (set.resolve(link, operationRef) !== undefined) continue
        report({
          at: { document: link.document, pointer: appendPointer(link.pointer, 'operationRef') },
          message: `${JSON.stringify(operationRef)} leads to no operation`,
          hint: 'Write it as #/paths/~1books~1{id}/get, with `~1` for each slash of the path.',
        })
      }
    },
  },
}

/** The links of responses of operations and among the components, each once. */
function linksOf(context: RuleContext): Iterable<ObjectNode> {
  const owners = [...context.operations.flatMap((node) => responsesOf(node, context)), ...components(context)]
  const links = owners.flatMap((owner) => entriesOf(memberOf(context.set, owner, 'links'), context))
  return new Map(links.map((link) => [`${link.document.path}#${link.pointer}`, link])).values()
}

function responsesOf(operation: GraphNode, context: RuleContext): readonly ObjectNode[] {
  return entriesOf(memberOf(context.set, operation, 'responses'), context)
}

function components({ roots, set }: RuleContext): readonly ObjectNode[] {
  return roots.flatMap((document) => {
    const root = followReferences(set, { document, pointer: '', value: document.root })
    const all = root === undefined ? undefined : memberOf(set, root, 'components')
    return all === undefined ? [] : [all]
  })
}

function entriesOf(owner: ObjectNode | undefined, { set }: RuleContext): readonly ObjectNode[] {
  if (owner === undefined) return []
  return Object.keys(owner.value).flatMap((key) => {
    const member = memberOf(set, owner, key)
    return member === undefined || key.startsWith('x-') ? [] : [member]
  })
}
