import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { verdictOf } from '../../src/fleet/verdict.ts'
import { repositoryRoot } from '../support/source-tree.ts'

describe('the reasons of verdicts', () => {
  it('are those of their page, below the verdict that they lead to', () => {
    const page = readFileSync(join(repositoryRoot, 'docs/reference/verdicts.md'), 'utf8')
    const found = page
      .split(/^## /m)
      .filter((section) => /^\w+\n/.test(section))
      .flatMap((section) => {
        const verdict = /^\w+/.exec(section)?.[0] ?? ''
        return [...section.matchAll(/^\| `([a-z-]+)` \| .{20,} \|$/gm)].map(([, reason]) => [reason, verdict])
      })
    assert.deepEqual(Object.fromEntries(found), verdictOf)
  })
})
