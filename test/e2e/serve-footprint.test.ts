import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { planArtifact, route } from '../support/plan-artifact.ts'
import { spawnGateway } from '../support/spawn-gateway.ts'

const built = fileURLToPath(new URL('../../dist/runtime/main.js', import.meta.url))
const reporter = join(import.meta.dirname, '../support/report-footprint.mjs')
/** It is 16 MB; the bytes of llhttp alone took 12 where each of them became a property of a module. */
const MOST_HEAP_BYTES = 21_000_000

interface Footprint {
  readonly heapBytes: number
  readonly modules: readonly string[]
}

describe('the footprint of the built gateway', () => {
  it('is small at rest: no client is loaded that nothing asks with', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'footprint-'))
    context.after(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'report.json')
    const gateway = await spawnGateway(context, {
      artifact: planArtifact({ routes: [route('GET', '/')] }),
      program: process.execPath,
      words: [built],
      env: { NODE_OPTIONS: `--import=${pathToFileURL(reporter).href}`, FOOTPRINT: path },
    })
    assert.equal((await fetch(gateway.url)).status, 200)
    gateway.process.kill('SIGUSR2')
    while (!existsSync(path)) await setTimeout(20)
    const { heapBytes, modules } = JSON.parse(readFileSync(path, 'utf8')) as Footprint
    assert.ok(modules.length > 100)
    assert.deepEqual(
      modules.filter((name) => name.includes('undici')),
      [],
    )
    assert.ok(heapBytes < MOST_HEAP_BYTES, `${heapBytes} bytes of heap`)
  })
})
