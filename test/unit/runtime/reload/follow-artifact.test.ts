import assert from 'node:assert/strict'
import { it } from 'node:test'

import type { Digest } from '../../../../src/domain/index.ts'
import { followArtifact } from '../../../../src/runtime/reload/index.ts'

type Looked = string | null | Error

/** Looks as often as there are states of the file; the names of what was loaded, and of what was refused in brackets. */
async function follow(states: readonly Looked[], bad: readonly string[] = []): Promise<readonly string[]> {
  let running = 'one'
  let looks = 0
  const tried: string[] = []
  await new Promise<void>((resolve) => {
    const stop = followArtifact({
      onDisk: async () => {
        const state = states[looks++]
        if (state instanceof Error) throw state
        return (state ?? null) as Digest | null
      },
      running: () => running as Digest,
      reload: async () => {
        const found = String(states[looks - 1])
        if (bad.includes(found)) {
          tried.push(`[${found}]`)
          throw new Error('bad')
        }
        tried.push(found)
        running = found
      },
      schedule: (look) => {
        if (looks < states.length) setImmediate(look)
        else setImmediate(resolve)
        return () => undefined
      },
      fail: (error) => tried.push((error as Error).message),
    })
    void stop
  })
  return tried
}

it('a file is loaded once it was another twice in a row', async () => {
  assert.deepEqual(await follow(['one', 'one', 'two', 'two', 'two', 'two']), ['two'])
  assert.deepEqual(await follow(['two', 'three', 'four', 'four', 'one', 'four']), ['four'])
  assert.deepEqual(await follow(['two', null, 'two', null, null, 'two', 'two']), ['two'])
})

it('a file that is refused is tried again only after it was another', async () => {
  assert.deepEqual(await follow(['bad', 'bad', 'bad', 'bad', 'two', 'two'], ['bad']), ['[bad]', 'two'])
  assert.deepEqual(await follow(['bad', 'bad', 'two', 'two', 'bad', 'bad', 'bad'], ['bad']), [
    '[bad]',
    'two',
    '[bad]',
  ])
})

it('what goes wrong with looking is told, and looking goes on', async () => {
  assert.deepEqual(await follow([new Error('EIO'), 'two', 'two']), ['EIO', 'two'])
})

it('ends when it is told to', () => {
  let cancelled = 0
  const stop = followArtifact({
    onDisk: async () => null,
    running: () => 'one' as Digest,
    reload: async () => undefined,
    schedule: () => () => (cancelled += 1),
    fail: () => undefined,
  })
  stop()
  assert.equal(cancelled, 1)
})
