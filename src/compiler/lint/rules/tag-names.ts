import { appendPointer, didYouMean, isObject } from '../../../domain/index.ts'
import type { GraphNode } from '../../document/index.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const tagNames: Rule = {
  id: 'tag-names',
  severity: 'error',
  protection: 'free',
  summary: 'Each tag is declared once, and below one that is declared.',
  visit: { document: check },
}

/** OpenAPI 3.2 §4.1 (unique names) and §4.22 (`parent`). */
function check({ document, value }: GraphNode, { report }: RuleContext): void {
  const list: readonly unknown[] = Array.isArray(value['tags']) ? value['tags'] : []
  const parents = new Map<string, string | undefined>()
  const tags = list.flatMap((tag, index) => {
    const { name, parent } = isObject(tag) ? tag : {}
    if (typeof name !== 'string') return []
    return [{ name, parent: typeof parent === 'string' ? parent : undefined, pointer: `/tags/${index}` }]
  })
  const fault = (pointer: string, message: string, hint: string) =>
    report({ at: { document, pointer }, message, hint })
  for (const { name, parent, pointer } of tags) {
    if (parents.has(name)) {
      const message = `The tag ${JSON.stringify(name)} is declared before`
      fault(appendPointer(pointer, 'name'), message, 'Declare each tag once.')
    } else parents.set(name, parent)
  }
  for (const { name, parent, pointer } of tags) {
    if (parent === undefined) continue
    const at = appendPointer(pointer, 'parent')
    if (!parents.has(parent)) {
      const hint = didYouMean(parent, [...parents.keys()], 'Declare it in `tags`, or leave the parent out.')
      fault(at, `No tag has the name ${JSON.stringify(parent)}`, hint)
    } else if (isWithinItself(name, parents)) {
      fault(at, `The tag ${JSON.stringify(name)} is within itself`, 'Leave the parent of one of them out.')
    }
  }
}

function isWithinItself(name: string, parents: ReadonlyMap<string, string | undefined>): boolean {
  const seen = new Set<string>()
  for (let at = parents.get(name); at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (at === name) return true
    seen.add(at)
  }
  return false
}
