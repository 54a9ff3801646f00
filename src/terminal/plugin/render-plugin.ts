import type { PluginInspection } from '../../domain/index.ts'
import { oneLine } from '../plain-text.ts'
import { formatSize } from '../quantities.ts'
import { renderTable } from '../render-table.ts'
import type { Style } from '../style.ts'

/** A WebAssembly plugin for people: what it is, whether it runs, what it takes and gives. */
export function renderPlugin(plugin: PluginInspection, style: Style): string {
  return [facts(plugin, style), imports(plugin, style), exports(plugin, style), schema(plugin, style)]
    .filter((section) => section !== '')
    .join('\n\n')
}

function facts(plugin: PluginInspection, { bold, red, green }: Style): string {
  const { name, version, type, memory, confined_bytes: confined, instances } = plugin
  const title = [name ?? 'unnamed', version ?? '', type ?? 'neither middleware nor dispatcher']
  const rows: readonly (readonly [string, string])[] = [
    ['plugin', oneLine(title.filter((word) => word !== '').join(' '))],
    ...(plugin.description === null ? [] : [['description', oneLine(plugin.description)] as const]),
    ['license', oneLine(plugin.license ?? 'unknown')],
    ['sha256', plugin.sha256],
    [
      'size',
      `${formatSize(plugin.size_bytes)}${confined === null ? '' : `, ${formatSize(confined)} confined`}`,
    ],
    ['memory', memory === null ? 'none of its own' : memoryText(memory)],
    ['instances', instancesText(instances)],
    ['bodies', plugin.body_access ? 'seen and set' : 'not seen'],
    ['capabilities', oneLine(plugin.capabilities.join(', ')) || 'none declared'],
  ]
  const lines = rows.map(([label, value]) => `${bold(label.padEnd(14))}${value}`)
  const verdict = plugin.loads ? green('yes') : red('no')
  return [
    ...lines,
    `${bold('loads'.padEnd(14))}${verdict}`,
    ...plugin.reasons.map((reason) => `${' '.repeat(14)}${oneLine(reason)}`),
  ].join('\n')
}

function memoryText({ min_pages: min, max_pages: max }: NonNullable<PluginInspection['memory']>): string {
  const size = (pages: number) => formatSize(pages * 65_536)
  return max === null ? `from ${size(min)}` : `from ${size(min)} to ${size(max)}`
}

function instancesText(instances: PluginInspection['instances']): string {
  if (instances === null) return 'unknown'
  return instances === 'reused' ? 'reused, put back after every request' : 'one for each request'
}

function imports(plugin: PluginInspection, style: Style): string {
  const rows = plugin.imports.map(({ module, name, signature, capabilities }) => [
    oneLine(module),
    oneLine(name),
    signature,
    capabilities.join(' or '),
  ])
  return section(`${rows.length} IMPORTS`, ['MODULE', 'NAME', 'SIGNATURE', 'CAPABILITY'], { rows, style })
}

function exports(plugin: PluginInspection, style: Style): string {
  const rows = plugin.exports.map(({ name, kind, signature }) => [oneLine(name), signature ?? kind])
  return section(`${rows.length} EXPORTS`, ['NAME', 'SIGNATURE'], { rows, style })
}

function schema({ config_schema: schema }: PluginInspection, { bold }: Style): string {
  if (schema === null) return `${bold('CONFIGURATION')}\nno schema`
  return `${bold('CONFIGURATION')}\n${JSON.stringify(schema, undefined, 2)}`
}

function section(
  title: string,
  headers: readonly string[],
  { rows, style }: { readonly rows: readonly (readonly string[])[]; readonly style: Style },
): string {
  if (rows.length === 0) return ''
  const columns = headers.map((header) => ({ header }))
  return `${style.bold(title)}\n${renderTable(columns, rows, style)}`
}
