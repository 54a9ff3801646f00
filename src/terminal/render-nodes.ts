import { counted, oneLine } from './plain-text.ts'
import { renderTable } from './render-table.ts'
import type { Style } from './style.ts'

/** The gateways of a fleet. */
export interface NodesPage {
  readonly ref: string
  readonly nodes: readonly {
    readonly name: string
    readonly environment: string
    readonly admin_url: string
    readonly wave: number
    readonly key_ids: readonly string[]
    readonly revoked: { readonly at: string } | null
  }[]
}

const SHORT_LENGTH = 'sha256:'.length + 12

/** The gateways of a fleet as a table. */
export function renderNodes({ ref, nodes }: NodesPage, style: Style): string {
  if (nodes.length === 0) return `There are no nodes at ${oneLine(ref)}.`
  const headers = ['NODE', 'ENVIRONMENT', 'WAVE', 'ADMIN URL', 'KEY'].map((header) => ({ header }))
  const rows = nodes.map(({ name, environment, wave, admin_url, key_ids, revoked }) => {
    const keys = key_ids.map((id) => id.slice(0, SHORT_LENGTH)).join(' ')
    const key = revoked === null ? keys || style.yellow('none') : style.red(`revoked since ${revoked.at}`)
    return [name, environment, String(wave), oneLine(admin_url), key]
  })
  return `${renderTable(headers, rows, style)}\n\n${counted(nodes.length, 'node')} at ${oneLine(ref)}.`
}
