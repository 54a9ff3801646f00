import type { Drift, FleetReport } from '../../../fleet/index.ts'

/** Explains a report only where other artifacts drifted than in the last: compiling APIs every minute tells nothing new. */
export function explainChanges<Findings extends { readonly report: FleetReport }>(
  explain: (findings: Findings) => Promise<readonly Drift[]>,
): (findings: Findings) => Promise<readonly Drift[]> {
  let last: { readonly key: string; readonly drifts: readonly Drift[] } | undefined
  return async (findings) => {
    const key = keyOf(findings.report)
    if (last?.key !== key) last = { key, drifts: await explain(findings) }
    return last.drifts
  }
}

function keyOf({ nodes, commit }: FleetReport): string {
  const drifted = nodes.filter(
    ({ verdict }) => verdict === 'ConfigurationDrift' || verdict === 'TamperedOnDisk',
  )
  const parts = drifted.map(({ node, claims, desired }) =>
    [node, claims?.artifact_digest, desired?.artifact_digest].join(' '),
  )
  return [commit, ...parts].join('\n')
}
