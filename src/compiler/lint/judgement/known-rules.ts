import { didYouMean } from '../../../domain/index.ts'
import { compilingRules } from '../compiling-rules.ts'
import { rules } from '../rule-descriptions.ts'
import type { Protection, RuleDescription } from '../rule.ts'

const known = new Map([...rules, ...compilingRules].map((rule) => [rule.id, rule]))

export function findRule(id: string): RuleDescription | undefined {
  return known.get(id)
}

/** An error says that the gateway could not serve what is described, so it stands unless its rule says otherwise. */
export function protectionOf({ protection, severity }: RuleDescription): Protection {
  return protection ?? (severity === 'error' ? 'fixed' : 'free')
}

/** What to do about a rule that does not exist. */
export function hintForUnknown(id: string): string {
  return didYouMean(
    id,
    [...known.keys()],
    'The id of a rule stands at the end of its findings; `barbacane explain` lists all of them.',
  )
}
