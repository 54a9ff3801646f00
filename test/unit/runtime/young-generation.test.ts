import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { getHeapSpaceStatistics } from 'node:v8'

import { boundYoungGeneration } from '../../../src/runtime/young-generation.ts'

const MODULE = new URL('../../../src/runtime/young-generation.ts', import.meta.url).href

/** Leaves much that survives one collection and not the next; prints the bytes of the young generation. */
const script = (before: string) => `
  import { boundYoungGeneration } from '${MODULE}'
  import { getHeapSpaceStatistics } from 'node:v8'
  ${before}
  const kept = []
  for (let turn = 0; turn < 60; turn += 1) {
    for (let index = 0; index < 200_000; index += 1) kept[index % 30_000] = { index, more: [index] }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  console.log(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size)
`

async function youngBytes(before: string): Promise<number> {
  const args = ['--max-semi-space-size=64', '--input-type=module', '--eval', script(before)]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return Number(stdout)
}

describe('the young generation', () => {
  it('is left as it is when it has reached its size, until V8 has made it smaller', (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const flags: string[] = []
    let sizeBytes = 1024 * 1024
    boundYoungGeneration({
      getHeapSpaceStatistics: () =>
        getHeapSpaceStatistics().map((space) =>
          space.space_name === 'new_space' ? { ...space, space_size: sizeBytes } : space,
        ),
      setFlagsFromString: (flag) => void flags.push(flag),
    })
    assert.deepEqual(flags.splice(0), ['--semi-space-growth-factor=1'])
    t.mock.timers.tick(300)
    assert.deepEqual(flags.splice(0), ['--semi-space-growth-factor=2'])
    sizeBytes = 16 * 1024 * 1024
    t.mock.timers.tick(1000)
    assert.deepEqual(flags.splice(0), ['--semi-space-growth-factor=1'])
    sizeBytes = 2 * 1024 * 1024
    t.mock.timers.tick(1000)
    assert.deepEqual(flags, ['--semi-space-growth-factor=2'])
  })

  it('does not grow further then', async () => {
    const [bounded, unbounded] = await Promise.all([youngBytes('boundYoungGeneration()'), youngBytes('')])
    assert.ok(bounded >= 16 * 1024 * 1024 && bounded < unbounded, `${bounded} of ${unbounded} bytes`)
  })
})
