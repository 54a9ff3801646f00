import type { Draft, ReportFault } from './draft.ts'
import type { Drafts } from './drafts.ts'

/**
 * Reports schemas that refer to themselves without any part of the value in between (`A: { allOf: [{ $ref: A }] }`):
 * they say nothing, and validating by them never ends. Each draft that a root reaches is looked at once.
 */
export function createEndlessCheck(drafts: Drafts, report: ReportFault): (root: Draft) => void {
  const looked = new Map<Draft, 'open' | 'done'>()
  const follow = (draft: Draft): void => {
    const state = looked.get(draft)
    if (state === 'open') reportCircle(draft, report)
    if (state !== undefined) return
    looked.set(draft, 'open')
    for (const { key, inPlace } of draft.uses) if (inPlace) follow(drafts.get(key))
    looked.set(draft, 'done')
  }
  const reached = new Set<Draft>()
  return (root) => {
    const pending = [root]
    for (const draft of pending) {
      if (reached.has(draft)) continue
      reached.add(draft)
      follow(draft)
      for (const { key } of draft.uses) pending.push(drafts.get(key))
    }
  }
}

function reportCircle({ place }: Draft, report: ReportFault): void {
  report({
    at: place,
    message: 'The schema refers to itself for the same value, so that validating by it would never end',
    hint: 'Break the circle: a parent lists its children in `oneOf`, or the children have it in `allOf`, not both.',
  })
}
