import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'

import { repositoryRoot } from '../support/source-tree.ts'

function namesIn(path: string, pattern: RegExp): readonly string[] {
  const text = readFileSync(join(repositoryRoot, path), 'utf8')
  return [...text.matchAll(pattern)].map(([, name]) => name as string).toSorted()
}

it('docs/reference/metrics.md lists the metrics of the gateway, and no other', () => {
  const documented = namesIn('docs/reference/metrics.md', /^\| `((?:barbacane|process|nodejs)_\w+)`/gm)
  const folder = 'src/runtime/telemetry'
  const registered = readdirSync(join(repositoryRoot, folder))
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => namesIn(`${folder}/${name}`, /'((?:barbacane|process|nodejs)_\w+)'/g))
    .toSorted((a, b) => (a < b ? -1 : 1))
  assert.ok(registered.length > 5)
  assert.deepEqual(documented, registered)
})
