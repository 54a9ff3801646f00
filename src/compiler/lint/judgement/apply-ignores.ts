import type { Finding } from '../../../domain/index.ts'
import type { Ignore } from './ignore.ts'
import { findRule, hintForUnknown, protectionOf } from './known-rules.ts'

/**
 * Leaves out what authors want to be ignored, and reports the ignores that are invalid or, where everything was
 * looked at, cover nothing.
 */
export function applyIgnores(
  findings: readonly Finding[],
  ignores: readonly Ignore[],
  { isWhole }: { readonly isWhole: boolean },
): readonly Finding[] {
  if (ignores.length === 0) return findings
  const faults = ignores.flatMap((ignore) => faultOf(ignore) ?? [])
  const valid = ignores.filter((ignore) => faultOf(ignore) === undefined)
  const byRule = Map.groupBy(valid, ({ rule }) => rule)
  const used = new Set<Ignore>()
  const kept = findings.filter((finding) => {
    const covering = (byRule.get(finding.rule) ?? []).filter(({ covers }) => covers(finding))
    for (const ignore of covering) used.add(ignore)
    return covering.length === 0
  })
  const unused = isWhole ? valid.filter((ignore) => !used.has(ignore)).map(unusedFinding) : []
  return [...kept, ...faults, ...unused]
}

function faultOf({ rule, reason, at }: Ignore): Finding | undefined {
  const fault = (message: string, hint: string): Finding => {
    return { rule: 'ignore-invalid', severity: 'error', message, hint, at }
  }
  if (rule === '') {
    return fault(
      'No rule is named that is to be ignored',
      'Name the rules, then give the reason behind `--`.',
    )
  }
  const description = findRule(rule)
  if (description === undefined) return fault(`There is no rule \`${rule}\``, hintForUnknown(rule))
  if (protectionOf(description) === 'fixed') {
    return fault(`\`${rule}\` cannot be ignored`, 'Correct what it reports: the gateway depends on it.')
  }
  if (reason !== undefined) return undefined
  return fault(`Why \`${rule}\` is ignored is not said`, 'Write the reason for those who read this later.')
}

function unusedFinding({ rule, at }: Ignore): Finding {
  const message = `\`${rule}\` reports nothing here`
  return { rule: 'ignore-unused', severity: 'warning', message, hint: 'Remove the ignore.', at }
}
