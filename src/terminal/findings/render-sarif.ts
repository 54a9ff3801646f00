import {
  identifyFindings,
  isRemoteDocument,
  severities,
  type Finding,
  type Severity,
} from '../../domain/index.ts'
import type { FindingsContext } from './report.ts'
import { sentencesOf } from './sentences.ts'

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' }

/** GitHub refuses a run with more results than this. */
const MAX_RESULTS = 25_000

/** SARIF 2.1.0 (OASIS), as code scanning takes it: every rule with its page, every result with a region. */
export function renderSarif(all: readonly Finding[], context: FindingsContext): string {
  const findings = gravestOf(all)
  const summaries = new Map(context.rules.map(({ id, summary }) => [id, summary]))
  const ids = [...new Set(findings.map(({ rule }) => rule))].toSorted()
  const driver = {
    name: 'barbacane',
    version: context.version,
    informationUri: 'https://barbacane.dev',
    rules: ids.map((id) => describeRule(id, summaries.get(id))),
  }
  const fingerprints = identifyFindings(findings)
  const results = findings.map((finding, index) => ({
    ruleId: finding.rule,
    ruleIndex: ids.indexOf(finding.rule),
    level: LEVELS[finding.severity],
    message: { text: sentencesOf(finding) },
    locations: [locationOf(finding)],
    partialFingerprints: { 'barbacaneFinding/v1': fingerprints[index] },
  }))
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        columnKind: 'utf16CodeUnits',
        results,
        ...describeRest(all.length - results.length),
      },
    ],
  }
  return JSON.stringify(log, undefined, 2)
}

/** As many findings as a run may have, in their order: where there are more, the gravest. */
function gravestOf(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MAX_RESULTS) return findings
  const byGravity = severities.flatMap((level) => findings.filter(({ severity }) => severity === level))
  const kept = new Set(byGravity.slice(0, MAX_RESULTS))
  return findings.filter((finding) => kept.has(finding))
}

function describeRest(count: number): object {
  if (count === 0) return {}
  const text = `${count} more findings are left out: a run has at most ${MAX_RESULTS} results.`
  const toolExecutionNotifications = [{ level: 'warning', message: { text } }]
  return { invocations: [{ executionSuccessful: true, toolExecutionNotifications }] }
}

// GitHub asks for both descriptions of every rule.
function describeRule(id: string, summary: string | undefined) {
  if (id.startsWith('spectral:')) {
    const help = { text: 'A rule of the Spectral ruleset that lint was given.' }
    const helpUri = 'https://docs.stoplight.io/docs/spectral'
    return { id, shortDescription: help, fullDescription: help, helpUri, help }
  }
  const description = { text: summary ?? id }
  const helpUri = `https://barbacane.dev/reference/rules/${encodeURIComponent(id)}`
  const help = { text: `barbacane explain ${id}` }
  return { id, shortDescription: description, fullDescription: description, helpUri, help }
}

function locationOf({ at }: Finding) {
  const region = {
    startLine: at.line,
    startColumn: at.col,
    endLine: at.endLine ?? at.line,
    endColumn: at.endCol ?? at.col + 1,
  }
  const physicalLocation = { artifactLocation: artifactOf(at.file), region }
  if (at.pointer === undefined) return { physicalLocation }
  return { physicalLocation, logicalLocations: [{ fullyQualifiedName: at.pointer, kind: 'member' }] }
}

function artifactOf(file: string) {
  if (isRemoteDocument(file)) return { uri: file }
  return { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' }
}
