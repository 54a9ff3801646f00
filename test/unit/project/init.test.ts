import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import fc from 'fast-check'

import {
  applyInit,
  planInit,
  projectProblems,
  surveyFolder,
  type PathState,
  type Template,
} from '../../../src/project/index.ts'
import { expectProblem, expectRejection } from '../../support/expect-problem.ts'

const template: Template = new Map([
  ['.gitignore', Buffer.from('*.bca\n')],
  ['barbacane.yaml', Buffer.from('version: 1\n')],
  ['specs/deep/api.yaml', Buffer.from('openapi: 3.1.0\n')],
])

let scratch: string
let folders = 0

async function freshFolder(): Promise<string> {
  const folder = join(scratch, `project-${(folders += 1)}`)
  await mkdir(folder)
  return folder
}

async function contents(root: string): Promise<readonly string[]> {
  return (await readdir(root, { recursive: true })).toSorted()
}

async function init(root: string, force = false): Promise<void> {
  await applyInit(planInit({ root, template, survey: await surveyFolder(root, template), force }))
}

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'init-'))
})
after(() => rm(scratch, { recursive: true }))

describe('planInit', () => {
  const root = '/project'

  it('creates everything in an empty folder', () => {
    const plan = planInit({ root, template, survey: new Map(), force: false })
    assert.deepEqual(
      plan.files.map(({ path, action }) => [path, action]),
      [...template.keys()].map((path) => [path, 'create']),
    )
  })

  it('names every file of other content and touches none', () => {
    const survey = new Map<string, PathState>([
      ['barbacane.yaml', 'different'],
      ['specs/deep/api.yaml', 'different'],
    ])
    const problem = expectProblem('BCN_INIT_EXISTS', () => planInit({ root, template, survey, force: false }))
    assert.match(problem.message, /barbacane\.yaml, specs\/deep\/api\.yaml/)
  })

  it('never replaces what is no file, even when forced', () => {
    const survey = new Map<string, PathState>([['barbacane.yaml', 'obstructed']])
    expectProblem('BCN_INIT_OBSTRUCTED', () => planInit({ root, template, survey, force: true }))
  })

  it('accounts for every path of the template exactly once', () => {
    const states = fc.constantFrom<PathState | undefined>('same', 'different', undefined)
    fc.assert(
      fc.property(fc.array(states, { minLength: 3, maxLength: 3 }), (drawn) => {
        const survey = new Map<string, PathState>()
        for (const [index, path] of [...template.keys()].entries()) {
          const state = drawn[index]
          if (state !== undefined) survey.set(path, state)
        }
        const { files, unchanged } = planInit({ root, template, survey, force: true })
        assert.deepEqual([...files.map(({ path }) => path), ...unchanged].toSorted(), [...template.keys()])
        for (const { path, action } of files)
          assert.equal(action === 'replace', survey.get(path) === 'different')
      }),
    )
  })
})

describe('applyInit', () => {
  it('writes the template and leaves nothing else behind', async () => {
    const root = join(scratch, 'new', 'project')
    await init(root)
    assert.deepEqual(await contents(root), [
      '.gitignore',
      'barbacane.yaml',
      'specs',
      'specs/deep',
      'specs/deep/api.yaml',
    ])
    assert.equal(await readFile(join(root, 'barbacane.yaml'), 'utf8'), 'version: 1\n')
  })

  it('changes nothing the second time', async () => {
    const root = await freshFolder()
    await init(root)
    const plan = planInit({ root, template, survey: await surveyFolder(root, template), force: false })
    assert.deepEqual([plan.files, plan.unchanged.length], [[], template.size])
  })

  it('replaces a file only when forced', async () => {
    const root = await freshFolder()
    await writeFile(join(root, 'barbacane.yaml'), 'mine\n')
    await expectRejection('BCN_INIT_EXISTS', () => init(root))
    assert.deepEqual(await contents(root), ['barbacane.yaml'])
    await init(root, true)
    assert.equal(await readFile(join(root, 'barbacane.yaml'), 'utf8'), 'version: 1\n')
  })

  it('replaces a symbolic link and not what it points at', async () => {
    const root = await freshFolder()
    const outside = join(scratch, 'outside.yaml')
    await writeFile(outside, 'outside\n')
    await symlink(outside, join(root, 'barbacane.yaml'))
    await init(root, true)
    assert.equal(await readFile(outside, 'utf8'), 'outside\n')
    assert.equal(await readFile(join(root, 'barbacane.yaml'), 'utf8'), 'version: 1\n')
  })

  it('sees a file in the place of a folder', async () => {
    const root = await freshFolder()
    await writeFile(join(root, 'specs'), '')
    await expectRejection('BCN_INIT_OBSTRUCTED', () => init(root, true))
  })

  it('sees a file in the place of the project', async () => {
    const root = join(await freshFolder(), 'file')
    await writeFile(root, '')
    const problem = await expectRejection('BCN_INIT_OBSTRUCTED', () => init(root, true))
    assert.match(problem.message, /: file\.$/)
    await expectRejection('BCN_INIT_OBSTRUCTED', () => init(join(root, 'below'), true))
  })

  it('does not overwrite a file that appeared after the plan, and takes back what it wrote', async () => {
    const root = await freshFolder()
    const plan = planInit({ root, template, survey: await surveyFolder(root, template), force: true })
    await writeFile(join(root, 'barbacane.yaml'), 'just now\n')
    await expectRejection('BCN_INIT_EXISTS', () => applyInit(plan))
    assert.deepEqual(await contents(root), ['barbacane.yaml'])
    assert.equal(await readFile(join(root, 'barbacane.yaml'), 'utf8'), 'just now\n')
  })

  it('gives replaced files back when a later one cannot be written', async () => {
    const root = await freshFolder()
    await writeFile(join(root, 'barbacane.yaml'), 'mine\n')
    const plan = planInit({ root, template, survey: await surveyFolder(root, template), force: true })
    await writeFile(join(root, 'specs'), 'in the way')
    const problem = await expectRejection('BCN_INIT_NOT_WRITTEN', () => applyInit(plan))
    assert.match(problem.message, /is as it was before/)
    assert.deepEqual(await contents(root), ['barbacane.yaml', 'specs'])
    assert.equal(await readFile(join(root, 'barbacane.yaml'), 'utf8'), 'mine\n')
  })

  it('says what could not be taken back', async () => {
    const { message } = projectProblems.BCN_INIT_NOT_WRITTEN({
      root: '/x',
      reason: 'full',
      stuck: ['a', 'b'],
    })
    assert.match(message, /full\. Not everything could be taken back: a; b\./)
  })

  it('removes the folders it made when it fails', async () => {
    const root = join(await freshFolder(), 'a', 'b')
    const survey = new Map<string, PathState>([['barbacane.yaml', 'different']])
    await expectRejection('BCN_INIT_NOT_WRITTEN', () =>
      applyInit(planInit({ root, template, survey, force: true })),
    )
    assert.deepEqual(await contents(join(root, '..', '..')), [])
  })
})
