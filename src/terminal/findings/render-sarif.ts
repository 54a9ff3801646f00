import { sha256Hex, type Finding, type Severity } from '../../domain/index.ts'
import type { FindingsContext } from './report.ts'

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
  const occurrences = new Map<string, number>()
  const results = findings.map((finding) => ({
    ruleId: finding.rule,
    ruleIndex: ids.indexOf(finding.rule),
    level: LEVELS[finding.severity],
    message: { text: sentencesOf(finding) },
    locations: [locationOf(finding)],
    partialFingerprints: { 'barbacaneFinding/v1': fingerprintOf(finding, occurrences) },
  }))
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  }
  return JSON.stringify(log, undefined, 2)
}

function describeRule(id: string, summary: string | undefined) {
  const helpUri = `https://barbacane.dev/reference/rules/${encodeURIComponent(id)}`
  const help = { text: `barbacane explain ${id}` }
  return { id, helpUri, help, ...(summary === undefined ? {} : { shortDescription: { text: summary } }) }
}

function sentencesOf({ message, hint }: Finding): string {
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`
  return hint === undefined ? sentence : `${sentence} ${hint}`
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

// A finding stays the same one when lines above it change: what it says and where in the document count, not the line.
function fingerprintOf(finding: Finding, occurrences: Map<string, number>): string {
  const { rule, message, at } = finding
  const key = JSON.stringify([rule, at.file, at.pointer ?? null, message])
  const occurrence = (occurrences.get(key) ?? 0) + 1
  occurrences.set(key, occurrence)
  return `${sha256Hex(Buffer.from(key)).slice(0, 32)}:${occurrence}`
}
