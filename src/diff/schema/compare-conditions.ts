import type { KeywordComparison } from './comparison.ts'
import { isEqual } from './compare-limits.ts'

/** `not`: JSON Schema 2020-12 core §10.2.1.4. */
export const compareNot: KeywordComparison = ({ before, after, pointer }, { report, isSame }) => {
  const [was, is] = [before['not'], after['not']]
  const at = `${pointer}/not`
  if (was === undefined && is === undefined) return
  if (was === undefined) return report('schema-not-added', at, { after: is })
  if (is === undefined) return report('schema-not-removed', at, { before: was })
  if (!isSame(was, is)) report('schema-not-changed', at, { before: was, after: is })
}

const CONDITION = ['if', 'then', 'else']

/** `if`, `then` and `else`: core §10.2.2. */
export const compareCondition: KeywordComparison = ({ before, after, pointer }, { report, isSame }) => {
  const [was, is] = [before['if'], after['if']]
  const at = `${pointer}/if`
  if (was === undefined && is === undefined) return
  if (was === undefined) return report('schema-condition-added', at, { after: is })
  if (is === undefined) return report('schema-condition-removed', at, { before: was })
  const isEquivalent = CONDITION.every((keyword) => isSame(before[keyword], after[keyword]))
  if (!isEquivalent) report('schema-condition-changed', at, { before: was, after: is })
}

const UNEVALUATED = ['unevaluatedProperties', 'unevaluatedItems'] as const

/** `unevaluatedProperties` and `unevaluatedItems`, which depend on everything beside them: core §11. */
export const compareUnevaluated: KeywordComparison = ({ before, after, pointer }, { report }) => {
  for (const keyword of UNEVALUATED) {
    const [was, is] = [before[keyword], after[keyword]]
    const at = `${pointer}/${keyword}`
    if (was === undefined && is === undefined) continue
    if (was === undefined) report('schema-unevaluated-added', at, { after: is })
    else if (is === undefined) report('schema-unevaluated-removed', at, { before: was })
    // What a reference leads to may differ although its text does not.
    else if (!isEqual(before, after) || JSON.stringify(before).includes('"$ref"'))
      report('schema-unevaluated-changed', at, { before: was, after: is })
  }
}
