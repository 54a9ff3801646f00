import { identifyFindings, type Finding, type Severity } from '../../domain/index.ts'
import type { FindingsContext } from './report.ts'
import { sentencesOf } from './sentences.ts'

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' }

/** SARIF 2.1.0 (OASIS), as code scanning takes it: every rule with its page, every result with a region. */
export function renderSarif(findings: readonly Finding[], context: FindingsContext): string {
  const summaries = new Map(context.rules.map(({ id, summary }) => [id, summary]))
  const ids = [...new Set(findings.map(({ rule }) => rule))].toSorted()
  const driver = {
    name: 'barbacane',
    version: context.version,
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
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  }
  return JSON.stringify(log, undefined, 2)
}

function describeRule(id: string, summary: string | undefined) {
  if (id.startsWith('spectral:')) {
    const help = { text: 'A rule of the Spectral ruleset that lint was given.' }
    return { id, helpUri: 'https://docs.stoplight.io/docs/spectral', help }
  }
  const helpUri = `https://barbacane.dev/reference/rules/${encodeURIComponent(id)}`
  const help = { text: `barbacane explain ${id}` }
  return { id, helpUri, help, ...(summary === undefined ? {} : { shortDescription: { text: summary } }) }
}

function locationOf({ at }: Finding) {
  const region = {
    startLine: at.line,
    startColumn: at.col,
    endLine: at.endLine ?? at.line,
    endColumn: at.endCol ?? at.col + 1,
  }
  const uri = at.file.split('/').map(encodeURIComponent).join('/')
  const physicalLocation = { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region }
  if (at.pointer === undefined) return { physicalLocation }
  return { physicalLocation, logicalLocations: [{ fullyQualifiedName: at.pointer, kind: 'member' }] }
}
