import { identifyFindings, type Finding, type Severity } from '../../domain/index.ts'
import { sentencesOf } from './sentences.ts'

const SEVERITIES: Readonly<Record<Severity, string>> = { error: 'major', warning: 'minor', info: 'info' }

/** The Code Quality report of GitLab (a subset of the Code Climate format): one array, lines from 1. */
export function renderGitlab(findings: readonly Finding[]): string {
  const fingerprints = identifyFindings(findings)
  const issues = findings.map((finding, index) => ({
    description: sentencesOf(finding),
    check_name: finding.rule,
    fingerprint: fingerprints[index],
    severity: SEVERITIES[finding.severity],
    location: locationOf(finding),
  }))
  return JSON.stringify(issues, undefined, 2)
}

function locationOf({ at }: Finding) {
  return { path: at.file, lines: { begin: at.line, end: at.endLine ?? at.line } }
}
