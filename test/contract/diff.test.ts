import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { changeDefinitions } from '../../src/diff/index.ts'
import { repositoryRoot } from '../support/source-tree.ts'

describe('docs/reference/diff.md', () => {
  it('lists every change with its kind, level and reason, and no other', () => {
    const page = readFileSync(join(repositoryRoot, 'docs/reference/diff.md'), 'utf8')
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (\w+) \| (breaking|risky|safe) \| (.+) \|$/gm)]
    assert.deepEqual(
      rows.map(([, id, kind, level, reason]) => [id, { kind, level, reason }]),
      Object.entries(changeDefinitions),
    )
  })

  it('says in a sentence why', () => {
    for (const { reason } of Object.values(changeDefinitions)) assert.match(reason, /^[A-Z`].+\.$/)
  })
})
