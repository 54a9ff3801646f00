import type { Inspection } from '../domain/index.ts'
import { oneLine } from './plain-text.ts'
import { formatSize } from './quantities.ts'
import { renderTable } from './render-table.ts'
import type { Style } from './style.ts'

/** An artifact for people: what it is, where it comes from, then its routes, inputs and plugins. */
export function renderInspection(page: Inspection, style: Style): string {
  const { commit, source, dirty } = page.provenance
  const state = dirty === null ? '' : dirty ? ' (with uncommitted changes)' : ' (clean)'
  const facts: readonly (readonly [string, string])[] = [
    ['artifact hash', page.artifact_hash],
    ['artifact digest', page.artifact_digest],
    ['format', `version ${page.artifact_version}, ${formatSize(page.size_bytes)}`],
    ['built', `${page.build_timestamp} by ${page.compiler.name} ${page.compiler.version}`],
    ['commit', commit === null ? 'unknown' : `${commit}${state}`],
    ['source', source ?? 'unknown'],
  ]
  const head = facts.map(([name, value]) => `${style.bold(name.padEnd(16))}${oneLine(value)}`).join('\n')
  return [head, routes(page, style), specs(page, style), plugins(page, style), inputs(page, style)]
    .filter((section) => section !== '')
    .join('\n\n')
}

function routes(page: Inspection, style: Style): string {
  const rows = page.routes.map((route) => [
    route.method,
    oneLine(route.path),
    oneLine([...route.middlewares, route.dispatcher].join(' → ')),
    oneLine(route.operation_id ?? ''),
  ])
  return section('ROUTE', ['METHOD', 'PATH', 'CHAIN', 'OPERATION'], { rows, style })
}

function specs(page: Inspection, style: Style): string {
  const rows = page.source_specs.map((spec) => [
    oneLine(spec.path),
    `${spec.type} ${spec.version}`,
    oneLine(spec.title),
  ])
  return section('DESCRIPTION', ['FILE', 'FORMAT', 'TITLE'], { rows, style })
}

function plugins(page: Inspection, style: Style): string {
  const rows = page.plugins.map((plugin) => [
    oneLine(plugin.name),
    oneLine(plugin.version ?? 'unknown'),
    plugin.type ?? 'unknown',
    oneLine(plugin.capabilities.join(', ')),
  ])
  return section('PLUGIN', ['NAME', 'VERSION', 'TYPE', 'CAPABILITIES'], { rows, style })
}

function inputs(page: Inspection, style: Style): string {
  const rows = page.inputs.map((input) => [
    input.kind,
    formatSize(input.size),
    input.sha256.slice(0, 12),
    oneLine(input.path),
  ])
  return section('INPUT', ['KIND', 'SIZE', 'SHA-256', 'PATH'], { rows, style })
}

function section(
  noun: string,
  headers: readonly string[],
  { rows, style }: { readonly rows: readonly (readonly string[])[]; readonly style: Style },
): string {
  if (rows.length === 0) return ''
  const title = style.bold(`${rows.length} ${noun}${rows.length === 1 ? '' : 'S'}`)
  return `${title}\n${renderTable(
    headers.map((header) => ({ header })),
    rows,
    style,
  )}`
}
