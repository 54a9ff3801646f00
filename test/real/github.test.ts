import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { githubDescription, writeMockProject } from '../../bench/mock-project.ts'
import { barbacane, isolatedEnv } from '../support/binary.ts'
import { spawnGateway, type SpawnedGateway } from '../support/spawn-gateway.ts'

interface Answer {
  readonly status: number
  readonly problem: { readonly errors?: readonly Record<string, unknown>[] }
}

describe("GitHub's REST description", () => {
  const folder = mkdtempSync(join(tmpdir(), 'github-'))
  const cleanups: (() => unknown)[] = []
  let operations: number
  let gateway: SpawnedGateway

  before(async () => {
    operations = writeMockProject(folder, githubDescription).operations
    run('compile', '-o', 'github.bca')
    gateway = await spawnGateway(
      { after: (cleanup) => void cleanups.push(cleanup) },
      { artifact: readFileSync(join(folder, 'github.bca')), throughCli: true },
    )
  })
  after(async () => {
    for (const cleanup of cleanups) await cleanup()
    rmSync(folder, { recursive: true })
  })

  it('compiles wholly, and the artifact verifies', () => {
    const { result } = JSON.parse(run('inspect', 'github.bca', '--json')) as {
      result: { routes: readonly unknown[]; source_specs: readonly { version: string }[] }
    }
    assert.ok(operations > 1000)
    assert.equal(result.routes.length, operations)
    assert.match(result.source_specs[0]?.version ?? '', /^3\./)
  })

  it('is served, with parameters of their declared types', async () => {
    assert.equal((await ask('/repos/octo/hello/issues?per_page=10')).status, 200)
    const refused = await ask('/repos/octo/hello/issues?per_page=ten')
    assert.equal(refused.status, 400)
    assert.equal(refused.problem.errors?.[0]?.['pointer'], '/query/per_page')
    assert.equal((await ask('/repos/octo/hello/issues?state=ajar')).status, 400)
  })

  it('is served, with bodies of their declared shape', async () => {
    const path = '/repos/octo/hello/issues'
    assert.equal((await post(path, { title: 'x', labels: ['bug', { name: 'ui' }] })).status, 200)
    const refused = await post(path, { title: 'x', assignees: 'octocat' })
    assert.equal(refused.status, 400)
    assert.equal(refused.problem.errors?.[0]?.['pointer'], '/body/assignees')
  })

  it('compiles every one of its schemas without an error', async () => {
    const errors = gateway.log().filter((line) => line['level'] === 'error')
    assert.deepEqual(errors, [])
  })

  function run(...args: readonly string[]): string {
    const [program, script] = barbacane()
    const options = { cwd: folder, env: isolatedEnv(folder), encoding: 'utf8', maxBuffer: 1 << 28 } as const
    return execFileSync(program, [script, ...args], options)
  }

  async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(gateway.url + path, init)
    return { status: response.status, problem: (await response.json()) as Answer['problem'] }
  }

  function post(path: string, body: object): Promise<Answer> {
    const headers = { 'content-type': 'application/json' }
    return ask(path, { method: 'POST', headers, body: JSON.stringify(body) })
  }
})
