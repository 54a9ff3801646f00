import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { decodeArtifact, type Artifact } from '../../../src/artifact/index.ts'
import { startDevSession, type DevBuild, type DevEvent } from '../../../src/development/index.ts'
import { isWatched } from '../../../src/development/watch-project.ts'
import { catalogue } from '../../../src/domain/index.ts'
import { sampleArtifact } from '../../support/sample-artifact.ts'

const problems = catalogue({ BCN_TEST_BROKEN: { exit: 3, message: () => 'broken', hint: 'mend it' } })

const version = (text: string): DevBuild => ({
  artifact: decodeArtifact(sampleArtifact({ inputs: [{ kind: 'spec', path: 'a.yaml', text }] })),
  warnings: [],
})

function session(builds: readonly (() => DevBuild | Promise<DevBuild>)[]) {
  const events: DevEvent[] = []
  const served: Artifact[] = []
  let scheduled: (() => void) | undefined
  let count = 0
  let closed = false
  const running = startDevSession({
    build: async () => (builds[Math.min(count++, builds.length - 1)] as () => DevBuild)(),
    start: async (artifact) => {
      served.push(artifact)
      return {
        reload: async (next) => void served.push(next),
        close: async () => {
          closed = true
        },
      }
    },
    report: (event) => events.push(event),
    schedule: (run) => {
      scheduled = run
      return () => {
        scheduled = undefined
      }
    },
    debounceMs: 10,
  })
  const save = async () => {
    running.changed()
    scheduled?.()
    await running.settled()
  }
  return { running, events, served, save, isClosed: () => closed, builds: () => count }
}

const kinds = (events: readonly DevEvent[]) => events.map((event) => event.kind)

describe('startDevSession', () => {
  it('serves the first good build and swaps in the next', async () => {
    const [one, two] = [version('one'), version('two')]
    const it = session([() => one, () => two])
    await it.running.settled()
    await it.save()
    assert.deepEqual(kinds(it.events), ['serving', 'reloaded'])
    assert.deepEqual(it.served, [one.artifact, two.artifact])
  })

  it('keeps the previous version when a build fails, and says so', async () => {
    const one = version('one')
    const broken = () => {
      throw problems.BCN_TEST_BROKEN({})
    }
    const it = session([() => one, broken, () => one])
    await it.running.settled()
    await it.save()
    await it.save()
    assert.deepEqual(kinds(it.events), ['serving', 'failed', 'unchanged'])
    assert.deepEqual(it.served, [one.artifact])
    assert.equal(it.events[1]?.kind === 'failed' && it.events[1].stillServing, true)
  })

  it('waits for the first good build', async () => {
    const broken = () => {
      throw problems.BCN_TEST_BROKEN({})
    }
    const it = session([broken, () => version('mended')])
    await it.running.settled()
    assert.equal(it.events[0]?.kind === 'failed' && it.events[0].stillServing, false)
    await it.save()
    assert.deepEqual(kinds(it.events), ['failed', 'serving'])
  })

  it('makes one build of a burst, and another of a change during a build', async () => {
    let finish: (build: DevBuild) => void = () => undefined
    const slow = () => new Promise<DevBuild>((resolve) => (finish = resolve))
    const it = session([() => version('one'), slow, () => version('three')])
    await it.running.settled()
    it.running.changed()
    it.running.changed()
    const saved = it.save()
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(it.builds(), 2)
    const during = it.save()
    finish(version('two'))
    await Promise.all([saved, during])
    assert.equal(it.builds(), 3)
    assert.deepEqual(kinds(it.events), ['serving', 'reloaded', 'reloaded'])
  })

  it('closes the gateway and builds no more', async () => {
    const it = session([() => version('one')])
    await it.running.settled()
    it.running.changed()
    await it.running.close()
    assert.ok(it.isClosed())
    assert.equal(it.builds(), 1)
  })

  it('ends where the environment is at fault', async () => {
    const taken = catalogue({
      BCN_TEST_TAKEN: { exit: 7, message: () => 'port in use', hint: 'use another' },
    })
    const it = session([
      () => {
        throw taken.BCN_TEST_TAKEN({})
      },
    ])
    await assert.rejects(it.running.done, /port in use/)
    await it.running.close()
  })

  it('goes on serving where the environment is at fault later, and tries again', async () => {
    const absent = catalogue({
      BCN_TEST_ABSENT: { exit: 7, message: () => 'no such plugin', hint: 'write another' },
    })
    const unfetched = () => {
      throw absent.BCN_TEST_ABSENT({})
    }
    const it = session([() => version('one'), unfetched, () => version('two')])
    await it.running.settled()
    await it.save()
    await it.save()
    assert.deepEqual(kinds(it.events), ['serving', 'failed', 'reloaded'])
    assert.ok(it.events[1]?.kind === 'failed' && it.events[1].stillServing)
  })

  it('does not hide an error that is no problem of the user', async () => {
    const it = session([
      () => {
        throw new TypeError('a bug')
      },
    ])
    await assert.rejects(it.running.done, /a bug/)
    await it.running.close()
  })
})

describe('isWatched', () => {
  it('takes descriptions, manifests and plugins, and enters no foreign folder', () => {
    for (const path of ['/p/a.yaml', '/p/b.yml', '/p/c.json', '/p/d.wasm']) assert.ok(isWatched(path, true))
    for (const path of ['/p/a.bca', '/p/b.ts', '/p/a.yaml.tmp-1']) assert.ok(!isWatched(path, true))
    assert.ok(isWatched('/p/specs', false))
    for (const folder of ['/p/node_modules', '/p/.git']) assert.ok(!isWatched(folder, false))
  })
})
