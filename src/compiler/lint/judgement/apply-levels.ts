import type { RuleSetting } from '../../../config/index.ts'
import { isAtLeast, type Finding } from '../../../domain/index.ts'
import { findRule, hintForUnknown, protectionOf } from './known-rules.ts'

/** Gives the findings the severities that the project wants; settings that cannot be followed count for nothing. */
export function applyLevels(
  findings: readonly Finding[],
  settings: readonly RuleSetting[],
): readonly Finding[] {
  if (settings.length === 0) return findings
  const valid = settings.filter((setting) => faultOf(setting) === undefined)
  const levels = new Map(valid.map(({ rule, level }) => [rule, level]))
  return findings.flatMap((finding) => judge(finding, levels.get(finding.rule)))
}

/** Reports the settings that cannot be followed. */
export function levelFaults(settings: readonly RuleSetting[]): readonly Finding[] {
  return settings.flatMap((setting) => faultOf(setting) ?? [])
}

function judge(finding: Finding, level: RuleSetting['level'] | undefined): readonly Finding[] {
  if (level === undefined) return [finding]
  if (level === 'off') return []
  const rule = findRule(finding.rule)
  const isKept = rule !== undefined && protectionOf(rule) !== 'free' && isAtLeast(finding.severity, level)
  return [isKept ? finding : { ...finding, severity: level }]
}

function faultOf({ rule, level, at }: RuleSetting): Finding | undefined {
  const fault = (message: string, hint: string): Finding => {
    return { rule: 'lint-settings', severity: 'error', message, hint, at }
  }
  const description = findRule(rule)
  if (description === undefined) return fault(`There is no rule \`${rule}\``, hintForUnknown(rule))
  const protection = protectionOf(description)
  if (protection === 'free' || (level !== 'off' && isAtLeast(level, description.severity))) return undefined
  const what = level === 'off' ? 'switched off' : `lowered to ${level}`
  const hint =
    protection === 'fixed'
      ? 'Remove the entry: the gateway depends on this rule.'
      : 'Remove the entry; single findings can be ignored where they stand, with a reason.'
  return fault(`\`${rule}\` cannot be ${what}`, hint)
}
