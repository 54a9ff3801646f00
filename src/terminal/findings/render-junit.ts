import { formatLocation, type Finding } from '../../domain/index.ts'
import { groupByFile, type FindingsContext } from './report.ts'
import { escapeXml } from './xml-text.ts'

/** JUnit XML: a suite a file, a failed case a finding, one passed case for a file without findings. */
export function renderJunit(findings: readonly Finding[], { files }: FindingsContext): string {
  const groups = groupByFile(findings)
  const names = [...new Set([...files, ...groups.keys()])].toSorted()
  const suites = names.map((name) => renderSuite(name, groups.get(name) ?? []))
  const tests = names.reduce((sum, name) => sum + Math.max(1, groups.get(name)?.length ?? 0), 0)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="barbacane lint" tests="${tests}" failures="${findings.length}" errors="0">`,
    ...suites,
    '</testsuites>',
  ].join('\n')
}

function renderSuite(file: string, findings: readonly Finding[]): string {
  const name = escapeXml(file)
  const cases =
    findings.length === 0
      ? [`    <testcase classname="${name}" name="no findings"/>`]
      : findings.map((finding) => renderCase(name, finding))
  const tests = Math.max(1, findings.length)
  return [
    `  <testsuite name="${name}" tests="${tests}" failures="${findings.length}" errors="0" skipped="0">`,
    ...cases,
    '  </testsuite>',
  ].join('\n')
}

function renderCase(className: string, { rule, severity, message, hint, at }: Finding): string {
  const name = escapeXml(`${rule} at ${at.line}:${at.col}`)
  const body = [`${formatLocation(at)} ${severity}: ${message}`, hint, at.pointer].filter(Boolean).join('\n')
  return [
    `    <testcase classname="${className}" name="${name}">`,
    `      <failure type="${escapeXml(rule)}" message="${escapeXml(message)}">${escapeXml(body)}</failure>`,
    '    </testcase>',
  ].join('\n')
}
