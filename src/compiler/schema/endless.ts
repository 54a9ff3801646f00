import type { Draft, ReportSchemaFault } from './draft.ts'
import type { Drafts } from './drafts.ts'

/**
 * Reports schemas that refer to themselves without any part of the value in between (`A: { allOf: [{ $ref: A }] }`):
 * they say nothing, and validating by them never ends. Each draft that a root reaches is looked at once.
 */
export function createEndlessCheck(drafts: Drafts, report: ReportSchemaFault): (root: Draft) => void {
  const looked = new Map<Draft, 'open' | 'done'>()
  const follow = (start: Draft): void => {
    // Kept by hand: a long chain of references would not fit on the stack.
    const stack: { readonly draft: Draft; readonly leave: boolean }[] = [{ draft: start, leave: false }]
    for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
      const { draft, leave } = item
      const state = looked.get(draft)
      if (leave) looked.set(draft, 'done')
      else if (state === 'open') reportCircle(draft, report)
      else if (state === undefined) {
        looked.set(draft, 'open')
        stack.push({ draft, leave: true })
        for (const use of draft.uses)
          if (use.inPlace) stack.push({ draft: drafts.get(use.key), leave: false })
      }
    }
  }
  const reached = new Set<Draft>()
  return (root) => {
    const pending = [root]
    for (const draft of pending) {
      if (reached.has(draft)) continue
      reached.add(draft)
      if (draft.uses.some(({ inPlace }) => inPlace)) follow(draft)
      for (const { key } of draft.uses) pending.push(drafts.get(key))
    }
  }
}

function reportCircle({ place }: Draft, report: ReportSchemaFault): void {
  report({
    at: place,
    message: 'The schema refers to itself for the same value, so that validating by it would never end',
    hint: 'Break the circle: a parent lists its children in `oneOf`, or the children have it in `allOf`, not both.',
  })
}
