import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { parse } from 'yaml'

import { repositoryRoot } from '../support/source-tree.ts'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly 'timeout-minutes'?: number
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>
  readonly concurrency?: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

const paths = globSync('.github/workflows/*.{yml,yaml}', { cwd: repositoryRoot })

describe('workflows', () => {
  it('are there', () => {
    assert.ok(paths.length > 0)
  })

  it('run what everybody runs before sending a change', () => {
    const ci = parse(readFileSync(join(repositoryRoot, '.github/workflows/ci.yml'), 'utf8')) as Workflow
    const scripts = Object.values(ci.jobs).flatMap((job) => job.steps.map(({ run }) => run))
    assert.ok(scripts.includes('.ci/run'))
  })

  for (const path of paths) {
    const text = readFileSync(join(repositoryRoot, path), 'utf8')
    const workflow = parse(text) as Workflow
    const jobs = Object.entries(workflow.jobs)
    const steps = jobs.flatMap(([, job]) => job.steps)

    it(`${path} pins every action by its commit and says which version that is`, () => {
      const lines = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line))
      assert.equal(lines.length, steps.filter(({ uses }) => uses !== undefined).length)
      // What npm installed is pinned by the lockfile.
      for (const line of lines.filter((each) => !each.endsWith('uses: ./node_modules/barbacane')))
        assert.match(line, /uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, line)
    })

    it(`${path} may only read unless a job says more, and ends`, () => {
      assert.deepEqual(workflow.permissions, { contents: 'read' })
      assert.ok(workflow.concurrency)
      for (const [name, job] of jobs)
        assert.ok((job['timeout-minutes'] ?? 360) <= 30, `${name} has no timeout`)
    })

    it(`${path} leaves credentials only where a job commits, and puts no expression into a script`, () => {
      for (const [, job] of jobs) {
        // Who commits has to push.
        const keeps = job.permissions?.['contents'] === 'write'
        const checkouts = job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))
        for (const step of checkouts) assert.equal(step.with?.['persist-credentials'], keeps)
      }
      for (const step of steps) {
        assert.doesNotMatch(step.run ?? '', /\$\{\{/)
      }
    })
  }
})
