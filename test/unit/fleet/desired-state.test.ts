import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { printRelease } from '../../../src/config/index.ts'
import {
  environmentOf,
  pinOf,
  readDesiredState,
  readReleaseHistory,
  resolveRef,
} from '../../../src/fleet/index.ts'
import { expectProblem, expectRejection } from '../../support/expect-problem.ts'
import { gitRepository } from '../../support/git-repository.ts'
import { sampleRelease as release } from '../../support/sample-release.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const FLEET = `version: 1
environments: { staging: , production: {} }
nodes: [{ name: a, environment: production, admin_url: "http://a:8081" }]
`

const PRODUCTION = 'environments/production/release.yaml'

describe('readDesiredState', () => {
  it('reads the fleet and its releases from a commit, never from the work tree', async () => {
    await using repository = await gitRepository({
      'deploy/fleet.yaml': FLEET,
      [`deploy/${PRODUCTION}`]: printRelease(release('a')),
      'deploy/environments/left-over/release.yaml': 'nonsense',
      'deploy/environments/production/deeper/release.yaml': 'nonsense',
    })
    const folder = join(repository.path, 'deploy')
    await writeFile(join(folder, PRODUCTION), printRelease(release('b')))
    await rm(join(folder, 'fleet.yaml'))
    const state = await readDesiredState({ folder })
    assert.deepEqual([state.ref, state.chosen], ['HEAD', 'head'])
    assert.equal(state.commit, repository.git('rev-parse', 'HEAD'))
    assert.deepEqual(
      state.fleet.nodes.map(({ name }) => name),
      ['a'],
    )
    assert.deepEqual(
      [...state.releases].map(([name, { release: pinned }]) => [name, pinned]),
      [['production', release('a')]],
    )
    assert.equal(String(state.releases.get('production')?.bytes), printRelease(release('a')))
    assert.equal(
      state.releases.get('production')?.blob,
      repository.git('rev-parse', `HEAD:deploy/${PRODUCTION}`),
    )
  })

  it('reads any ref, and without one what the remote has of the branch', async () => {
    await using repository = await gitRepository({
      'fleet.yaml': FLEET,
      [PRODUCTION]: printRelease(release('a')),
    })
    await using bare = await temporaryFolder()
    const { git, path: folder } = repository
    git('clone', '-q', '--bare', '.', bare.path)
    git('remote', 'add', 'origin', bare.path)
    git('fetch', '-q', 'origin')
    git('branch', '-q', '--set-upstream-to', 'origin/main')
    await repository.commit({ [PRODUCTION]: printRelease(release('b')) })
    const pinned = async (ref?: string) => {
      const state = await readDesiredState({ folder, ref })
      return `${state.ref} ${state.chosen} ${state.releases.get('production')?.release.artifactHash.at(-1)}`
    }
    assert.equal(await pinned(), 'origin/main upstream a')
    assert.equal(await pinned('HEAD'), 'HEAD named b')
    assert.equal(await pinned('HEAD~1'), 'HEAD~1 named a')
    assert.equal(await pinned('origin/main'), 'origin/main named a')
    for (const ref of ['nowhere', '--all', 'HEAD:fleet.yaml', '']) {
      const { message } = await expectRejection('BCN_FLEET_NO_COMMIT', () => resolveRef(folder, ref))
      assert.match(message, /knows no commit called/)
    }
  })

  it('says what is missing or wrong, and where', async () => {
    await using repository = await gitRepository({ 'other.yaml': 'x: 1\n' })
    const { path: folder } = repository
    const missing = await expectRejection('BCN_FLEET_NOT_COMMITTED', () => readDesiredState({ folder }))
    assert.equal(missing.message, 'HEAD has no fleet.yaml.')
    const invalid = await expectRejection('BCN_FLEET_INVALID', () =>
      readDesiredState({ folder, file: 'other.yaml' }),
    )
    assert.equal(invalid.at?.file, 'HEAD:other.yaml')
    await repository.commit({ 'fleet.yaml': FLEET, [PRODUCTION]: 'version: 1\n' })
    const pin = await expectRejection('BCN_RELEASE_INVALID', () => readDesiredState({ folder }))
    assert.equal(pin.at?.file, `HEAD:${PRODUCTION}`)
  })
})

describe('environmentOf', () => {
  it('finds an environment or tells which may be meant', async () => {
    await using repository = await gitRepository({ 'fleet.yaml': FLEET })
    const state = await readDesiredState({ folder: repository.path })
    assert.equal(environmentOf(state, 'production').name, 'production')
    const near = expectProblem('BCN_FLEET_NO_ENVIRONMENT', () => environmentOf(state, 'prodction'))
    assert.equal(near.hint, 'Did you mean production?')
    const far = expectProblem('BCN_FLEET_NO_ENVIRONMENT', () => environmentOf(state, 'eu'))
    assert.equal(far.hint, 'Known are: staging, production.')
    const none = expectProblem('BCN_RELEASE_NOTHING_PINNED', () => pinOf(state, 'production'))
    assert.equal(none.message, 'Nothing is released to production at HEAD.')
  })
})

describe('readReleaseHistory', () => {
  it('lists what was pinned, by whom, the newest first', async () => {
    await using repository = await gitRepository({ 'fleet.yaml': FLEET })
    const first = await repository.commit(
      { [PRODUCTION]: printRelease(release('a', { reason: 'begin' })) },
      'Release a',
    )
    const wrong = await repository.commit({ [PRODUCTION]: 'nonsense' }, 'A slip')
    repository.git('rm', '-q', PRODUCTION)
    const gone = await repository.commit({ x: 'x' }, 'Take it away')
    const back = await repository.commit(
      { [PRODUCTION]: printRelease(release('a', { reason: 'begin' })) },
      'Back',
    )
    const { entries, isComplete } = await readReleaseHistory(repository.path, {
      commit: back,
      environment: 'production',
    })
    assert.equal(isComplete, true)
    assert.deepEqual(
      entries.map((entry) => [entry.commit, entry.subject, entry.release?.reason, entry.problem?.at?.file]),
      [
        [back, 'Back', 'begin', undefined],
        [gone, 'Take it away', undefined, undefined],
        [wrong, 'A slip', undefined, `${wrong.slice(0, 10)}:${PRODUCTION}`],
        [first, 'Release a', 'begin', undefined],
      ],
    )
    assert.deepEqual(entries[0]?.bytes, entries[3]?.bytes)
    const none = await readReleaseHistory(repository.path, { commit: back, environment: 'staging' })
    assert.deepEqual(none, { entries: [], isComplete: true })
  })
})
