import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { findFleet, findProject } from '../../../src/config/index.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

describe('findProject', () => {
  it('looks upwards to the top of the work tree and no further', async () => {
    await using folder = await temporaryFolder({ 'barbacane.yaml': '', 'tree/sub/deep/x': '' })
    const tree = join(folder.path, 'tree')
    await mkdir(join(tree, '.git'))
    assert.equal(await findProject(join(tree, 'sub/deep')), undefined)
    await folder.write({ 'tree/barbacane.yaml': '' })
    assert.equal(await findProject(join(tree, 'sub/deep')), join(tree, 'barbacane.yaml'))
    await folder.write({ 'tree/sub/barbacane.yaml': '' })
    assert.equal(await findProject(join(tree, 'sub/deep')), join(tree, 'sub/barbacane.yaml'))
  })

  it('looks at the folder alone outside of a work tree', async () => {
    await using folder = await temporaryFolder({ 'barbacane.yaml': '', 'sub/x': '' })
    assert.equal(await findProject(folder.path), join(folder.path, 'barbacane.yaml'))
    assert.equal(await findProject(join(folder.path, 'sub')), undefined)
  })
})

describe('findFleet', () => {
  it('finds fleet.yaml in the same way', async () => {
    await using folder = await temporaryFolder({
      'fleet.yaml': '',
      'barbacane.yaml': '',
      'sub/x': '',
      '.git/x': '',
    })
    assert.equal(await findFleet(join(folder.path, 'sub')), join(folder.path, 'fleet.yaml'))
  })
})
