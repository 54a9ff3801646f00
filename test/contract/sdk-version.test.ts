import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'

import { repositoryRoot } from '../support/source-tree.ts'

it('the SDK has the version of the command line, which plugin new pins', () => {
  const versionIn = (folder: string): unknown =>
    JSON.parse(readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8')).version
  assert.equal(versionIn('sdk/assemblyscript'), versionIn('.'))
})
