import { escapeXml } from '../findings/xml-text.ts'
import type { FleetPage, NodeLine } from './page.ts'

/** JUnit XML: a suite an environment, a case a node; what could not be asked is an error, all else a failure. */
export function renderFleetJunit({ nodes, counts, duration_ms: durationMs }: FleetPage): string {
  const environments = [...new Set(nodes.map(({ environment }) => environment))]
  const suites = environments.map((name) =>
    renderSuite(
      name,
      nodes.filter(({ environment }) => environment === name),
    ),
  )
  const errors = counts.Unreachable
  const failures = nodes.length - counts.InSync - errors
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="barbacane verify --fleet" tests="${nodes.length}" failures="${failures}" errors="${errors}" time="${durationMs / 1000}">`,
    ...suites,
    '</testsuites>',
  ].join('\n')
}

function renderSuite(environment: string, nodes: readonly NodeLine[]): string {
  const name = escapeXml(environment)
  const errors = nodes.filter(({ verdict }) => verdict === 'Unreachable').length
  const failures = nodes.filter(({ verdict }) => verdict !== 'InSync').length - errors
  return [
    `  <testsuite name="${name}" tests="${nodes.length}" failures="${failures}" errors="${errors}">`,
    ...nodes.map((node) => renderCase(node, name)),
    '  </testsuite>',
  ].join('\n')
}

function renderCase({ node, verdict, reason, message }: NodeLine, className: string): string {
  const head = `    <testcase classname="${className}" name="${escapeXml(node)}"`
  if (verdict === 'InSync') return `${head}/>`
  const element = verdict === 'Unreachable' ? 'error' : 'failure'
  const text = escapeXml(message)
  return [
    `${head}>`,
    `      <${element} type="${escapeXml(`${verdict} ${reason}`)}" message="${text}">${text}</${element}>`,
    '    </testcase>',
  ].join('\n')
}
