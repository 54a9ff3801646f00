import { didYouMean, isObject, severities, type Severity } from '../domain/index.ts'
import type { Fault } from './manifest-document.ts'

/** `off`, or the severity that the findings of a rule get. */
export type RuleLevel = 'off' | Severity

const LEVELS: readonly RuleLevel[] = ['off', ...severities]
const HINT = 'Write `lint: { rules: { rule-id: warning } }`.'

/** Reads `lint.rules` of a manifest; which rules there are is known to lint alone. */
export function readRuleLevels(
  manifest: Readonly<Record<string, unknown>>,
  faults: Fault[],
): ReadonlyMap<string, RuleLevel> {
  const { lint } = manifest
  if (lint === undefined) return new Map()
  if (!isObject(lint)) {
    faults.push({ at: ['lint'], message: '`lint` is not an object', hint: HINT })
    return new Map()
  }
  for (const key of Object.keys(lint).filter((key) => key !== 'rules')) {
    const hint = didYouMean(key, ['rules'], 'Known is: rules.')
    faults.push({ at: ['lint', key], part: 'key', message: `The key \`${key}\` is unknown`, hint })
  }
  const { rules = {} } = lint
  if (!isObject(rules)) {
    faults.push({ at: ['lint', 'rules'], message: '`rules` is not an object', hint: HINT })
    return new Map()
  }
  return new Map(
    Object.entries(rules).flatMap(([rule, level]): [string, RuleLevel][] => {
      if (isLevel(level)) return [[rule, level]]
      const message = `${JSON.stringify(level)} is no level of a rule`
      const hint = didYouMean(String(level), LEVELS, `Write one of ${LEVELS.join(', ')}.`)
      faults.push({ at: ['lint', 'rules', rule], message, hint })
      return []
    }),
  )
}

function isLevel(value: unknown): value is RuleLevel {
  return LEVELS.some((level) => level === value)
}
