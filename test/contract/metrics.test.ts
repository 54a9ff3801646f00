import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'

import { repositoryRoot } from '../support/source-tree.ts'

function namesIn(path: string, pattern: RegExp): readonly string[] {
  const text = readFileSync(join(repositoryRoot, path), 'utf8')
  return [...text.matchAll(pattern)].map(([, name]) => name as string).toSorted()
}

it('docs/reference/metrics.md lists the metrics of the gateway, and no other', () => {
  const documented = namesIn('docs/reference/metrics.md', /^\| `((?:barbacane|process|nodejs)_\w+)`/gm)
  const registered = namesIn(
    'src/runtime/telemetry/gateway-metrics.ts',
    /'((?:barbacane|process|nodejs)_\w+)'/g,
  )
  assert.ok(registered.length > 5)
  assert.deepEqual(documented, registered)
})
