import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'

import { settingNames, settingTable } from '../../src/runtime/index.ts'
import { repositoryRoot } from '../support/source-tree.ts'

it('docs/reference/serve.md lists the settings of the gateway with what they are preset to, and no other', () => {
  const page = readFileSync(join(repositoryRoot, 'docs/reference/serve.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `([a-z0-9-]+)` \| (.*?) \|/gm)].map(([, name, preset]) => [
    name,
    preset,
  ])
  assert.deepEqual(
    rows.map(([name]) => name),
    settingNames,
  )
  for (const [name, shown] of rows) {
    const { kind, preset } = settingTable[name as (typeof settingNames)[number]]
    if (kind === 'switch') assert.equal(shown, 'false', name)
    else if (preset) assert.equal(shown, `\`${preset}\``, name)
  }
})
