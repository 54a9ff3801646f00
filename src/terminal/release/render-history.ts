import { oneLine } from '../plain-text.ts'
import { renderTable } from '../render-table.ts'
import type { Style } from '../style.ts'

/** The releases of an environment, the newest first. */
export interface HistoryPage {
  readonly environment: string
  readonly ref: string
  readonly complete: boolean
  readonly entries: readonly {
    readonly commit: string
    readonly author: string
    readonly committed_at: string
    readonly action: string | null
    readonly subject: string
    readonly release: { readonly artifact_digest: string; readonly reason: string | null } | null
    readonly signature?: { readonly status: string; readonly signer: string | null }
  }[]
}

const SHORT_LENGTH = 'sha256:'.length + 12

/** The releases of an environment as a table; the first row is what is pinned now. */
export function renderHistory(page: HistoryPage, style: Style): string {
  const { environment, ref, entries, complete } = page
  if (entries.length === 0) return `Nothing was released to ${environment} at ${oneLine(ref)}.`
  const isSigned = entries.some(({ signature }) => signature !== undefined)
  const headers = ['BEHIND', 'WHEN', 'ARTIFACT', 'COMMIT', ...(isSigned ? ['SIGNED'] : []), 'BY', 'WHY']
  const rows = entries.map((entry, index) => [
    index === 0 ? 'now' : String(index),
    entry.committed_at,
    entry.release?.artifact_digest.slice(0, SHORT_LENGTH) ?? 'none',
    entry.commit.slice(0, 10),
    ...(isSigned ? [signatureOf(entry)] : []),
    oneLine(entry.author),
    oneLine(entry.release?.reason ?? entry.subject),
  ])
  const table = renderTable(
    headers.map((header) => ({ header })),
    rows,
    style,
  )
  return complete ? table : `${table}\n\n${style.dim('Older releases are not shown.')}`
}

function signatureOf({ signature }: HistoryPage['entries'][number]): string {
  if (signature === undefined) return ''
  const { status, signer } = signature
  return signer === null ? status : `${status}: ${oneLine(signer)}`
}
