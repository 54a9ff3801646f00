import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { printRelease } from '../../../../src/config/index.ts'
import { readPinChanges } from '../../../../src/fleet/index.ts'
import { expectRejection } from '../../../support/expect-problem.ts'
import { gitRepository } from '../../../support/git-repository.ts'
import { sampleRelease } from '../../../support/sample-release.ts'

const fleet = (environments: string) => `version: 1\nenvironments: ${environments}\n`
const STAGING = 'environments/staging/release.yaml'
const PRODUCTION = 'environments/production/release.yaml'

describe('readPinChanges', () => {
  it('judges a change by the rules of its base, and a new environment by its own', async () => {
    await using repository = await gitRepository({
      'fleet.yaml': fleet('{ staging: { verify: policy.yaml } }'),
    })
    const base = repository.git('rev-parse', 'HEAD')
    await repository.commit({
      'fleet.yaml': fleet(
        '{ staging: { allow_unsigned: true, breaking: allow }, production: { breaking: allow } }',
      ),
      [STAGING]: printRelease(sampleRelease('a')),
      [PRODUCTION]: printRelease(sampleRelease('a')),
    })
    const { changes, state } = await readPinChanges({ folder: repository.path, file: 'fleet.yaml', base })
    const [staging, production] = changes
    assert.equal(changes.length, 2)
    assert.equal(staging?.environment.verifyPolicyPath, 'policy.yaml')
    assert.equal(staging.environment.allowsUnsigned, false)
    assert.equal(staging.environment.breaking, 'refuse')
    assert.equal(staging.rules.commit, base)
    assert.equal(production?.environment.breaking, 'allow')
    assert.equal(production.rules.commit, state.commit)
  })

  it('knows what comes back, and leaves out what the base has got since', async () => {
    await using repository = await gitRepository({ 'fleet.yaml': fleet('{ staging: , production: }') })
    const { git, path: folder } = repository
    await repository.commit({ [STAGING]: printRelease(sampleRelease('a')) })
    await repository.commit({ [STAGING]: printRelease(sampleRelease('b')) })
    git('branch', 'base')
    git('checkout', '-q', 'base')
    await repository.commit({ [PRODUCTION]: printRelease(sampleRelease('c')) })
    git('checkout', '-q', 'main')
    await repository.commit({ [STAGING]: printRelease(sampleRelease('a', { reason: 'back' })) })
    const read = () => readPinChanges({ folder, file: 'fleet.yaml', base: 'base' })
    const returned = await read()
    assert.deepEqual(
      returned.changes.map(({ environment, isReturn }) => [environment.name, isReturn]),
      [['staging', true]],
    )
    assert.equal(returned.base.ref, 'base')
    await repository.commit({ [STAGING]: printRelease(sampleRelease('d')) })
    assert.equal((await read()).changes[0]?.isReturn, false)
    git('rm', '-q', STAGING)
    git('commit', '-q', '-m', 'gone')
    const [gone] = (await read()).changes
    assert.deepEqual([gone?.after, gone?.isReturn], [undefined, false])
    const orphan = git('commit-tree', '-m', 'alone', 'HEAD^{tree}')
    await expectRejection('BCN_PLAN_NO_COMMON_COMMIT', () =>
      readPinChanges({ folder, file: 'fleet.yaml', base: orphan }),
    )
  })
})
