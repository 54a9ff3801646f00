import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { describe, it } from 'node:test'

import { actionJob, scripted, spec, working } from '../support/action-job.ts'
import { debianTools } from '../support/debian-tools.ts'
import { startFakeGithub } from '../support/fake-github.ts'

const skip = debianTools('gh')

const annotated = { env: { GITHUB_ACTIONS: 'true' } }

const pullRequest = (repository = 'acme/shop') => {
  return {
    event_name: 'pull_request',
    event: { pull_request: { number: 5, head: { repo: { full_name: repository } } } },
  }
}

describe('the action', { skip }, () => {
  it('runs a command, hands its outputs on and leaves as it left', async () => {
    await using here = await actionJob(working)
    const good = await here.act({ command: 'lint' }, annotated)
    assert.equal(good.exit, 0, good.log)
    assert.deepEqual(good.ran, ['Install', 'Run', 'Result'])
    assert.deepEqual(
      [good.outputs['exit-code'], good.outputs['findings'], good.outputs['reference']],
      ['0', '0', ''],
    )
    assert.match(good.summary, /^## No findings in 1 file$/m)

    await here.write({ 'shop/specs/a.yaml': spec('mok') })
    const bad = await here.act({ command: 'lint' }, annotated)
    assert.deepEqual([bad.exit, bad.outputs['errors']], [3, '1'], bad.log)
    assert.match(bad.log, /^::error file=specs\/a\.yaml,line=6/m)
  })

  it('only installs where there is no command', async () => {
    await using here = await actionJob(working)
    const { exit, ran, log } = await here.act({})
    assert.deepEqual([exit, ran], [0, ['Install']], log)
  })

  it('passes arguments as they are, a line each, and lets no shell read them', async () => {
    await using here = await actionJob(scripted)
    await here.write({ 'shop/exit': '0' })
    const args = ['--title', 'two words', '$(touch owned)', '`touch owned`; touch owned', 'it\'s "quoted" *']
    const { exit, summary, log } = await here.act({ command: 'verify fleet', args: `${args.join('\n')}\n\n` })
    assert.equal(exit, 0, log)
    assert.equal(summary, `as ${JSON.stringify(['verify', 'fleet', ...args])}\n`)
    const refused = await here.act({ command: 'lint; touch owned' })
    assert.equal(refused.exit, 2)
    assert.match(refused.log, /^::error title=barbacane::The input command is the name of a command/m)
    assert.ok(!(await readdir(here.workspace)).includes('owned'))
  })

  it('runs in the folder named', async () => {
    await using here = await actionJob(working)
    await here.write({ 'shop/apis/b/barbacane.yaml': 'version: 2\n' })
    const { exit, log } = await here.act({ command: 'lint', 'working-directory': 'apis/b' })
    assert.equal(exit, 2, log)
    assert.match(log, / 1:10 {2}error {4}The version is the number 2/)
  })
})

describe('the comment of the action', { skip }, () => {
  it('is written once, changed in place, and nobody else writes it', async () => {
    await using github = await startFakeGithub()
    await using here = await actionJob(scripted, github)
    for (let index = 0; index < 120; index += 1) {
      const user = { login: 'someone', type: 'User' } as const
      github.comments.push({ id: index, number: 5, user, body: '<!-- barbacane:plan -->\nNot ours.' })
    }
    await here.write({ 'shop/exit': '0' })
    const comment = { command: 'plan', comment: 'plan' }
    const first = await here.act(comment, { github: pullRequest(), env: { REPORT: 'First.\n' } })
    assert.equal(first.exit, 0, first.log)
    const ours = () => github.comments.filter(({ user }) => user.type === 'Bot').map(({ body }) => body)
    const run = '\n<sub>[Run](https://github.localhost/acme/shop/actions/runs/77)</sub>\n'
    assert.deepEqual(ours(), [`<!-- barbacane:plan -->\nFirst.\n${run}`])

    await here.write({ 'shop/exit': '3' })
    const second = await here.act(comment, { github: pullRequest(), env: { REPORT: 'Second.\n' } })
    assert.equal(second.exit, 3, second.log)
    assert.deepEqual(ours(), [`<!-- barbacane:plan -->\nSecond.\n${run}`])
    await here.act({ ...comment, comment: 'lint' }, { github: pullRequest() })
    assert.equal(ours().length, 2)
  })

  it('is left out for forks and outside of pull requests', async () => {
    await using github = await startFakeGithub()
    await using here = await actionJob(scripted, github)
    await here.write({ 'shop/exit': '0' })
    const comment = { command: 'plan', comment: 'plan' }
    const fork = await here.act(comment, { github: pullRequest('mallory/shop') })
    assert.equal(fork.exit, 0)
    assert.match(fork.log, /^::notice .*from a fork gets no comment/m)
    const push = await here.act(comment)
    assert.deepEqual(push.ran, ['Install', 'Run', 'Result'])
    assert.deepEqual(github.requests, [])
  })

  it('fails the job where it cannot be written', async () => {
    await using github = await startFakeGithub()
    await using here = await actionJob(scripted, github)
    await here.write({ 'shop/exit': '0' })
    const inputs = { command: 'plan', comment: 'plan', token: 'other' }
    const { exit, log } = await here.act(inputs, { github: pullRequest() })
    assert.notEqual(exit, 0)
    assert.match(log, /Forbidden/)
    const named = await here.act({ ...inputs, comment: 'a --> b' }, { github: pullRequest() })
    assert.equal(named.exit, 2)
  })

  it('holds what fits, and says so', async () => {
    await using github = await startFakeGithub()
    await using here = await actionJob(scripted, github)
    await here.write({ 'shop/exit': '0' })
    const report = 'ä line of a report\n'.repeat(4_000)
    const inputs = { command: 'plan', comment: 'plan' }
    const { summary } = await here.act(inputs, { github: pullRequest(), env: { REPORT: report } })
    assert.equal(summary, report)
    const body = github.comments[0]?.body ?? ''
    assert.ok(Buffer.byteLength(body) < 61_000 && Buffer.byteLength(body) > 59_000)
    assert.match(body, /\nä line of a report\n\n\*The report is longer/)
  })
})

describe('the issue of the action', { skip }, () => {
  it('is open as long as something does not hold, and says when that changes', async () => {
    await using github = await startFakeGithub()
    await using here = await actionJob(scripted, github)
    const check = async (code: number) => {
      await here.write({ 'shop/exit': `${code}` })
      return here.act({ command: 'verify', issue: 'Drift in the fleet' })
    }
    const human = { login: 'someone', type: 'User' } as const
    const body = '<!-- barbacane:issue exit=5 -->'
    github.issues.push({ id: 1, number: 1, user: human, title: 'Drift in the fleet', body, state: 'open' })
    const state = () => github.issues.slice(1).map((issue) => issue.state)
    const said = () => github.comments.map((comment) => comment.body.split(':')[0])

    assert.equal((await check(0)).exit, 0)
    assert.deepEqual(state(), [])
    const drifted = await check(5)
    assert.equal(drifted.exit, 5, drifted.log)
    assert.match(drifted.log, /^::error title=barbacane verify::Drift/m)
    assert.deepEqual([state(), said()], [['open'], []])
    await check(5)
    assert.deepEqual([state(), said()], [['open'], []])
    await check(2)
    assert.deepEqual([state(), said()], [['open'], []])
    await check(6)
    assert.deepEqual([state(), said()], [['open'], ['This has changed (exit code 6)']])
    await check(0)
    assert.deepEqual(state(), ['closed'])
    assert.equal(github.issues[1]?.state_reason, 'completed')
    await check(4)
    assert.deepEqual(state(), ['closed', 'open'])
    assert.equal(github.issues[0]?.state, 'open')
  })

  it('is one: what a second run opened at the same time is closed', async () => {
    await using github = await startFakeGithub()
    await using here = await actionJob(scripted, github)
    await here.write({ 'shop/exit': '5' })
    const user = { login: 'github-actions[bot]', type: 'Bot' } as const
    for (const number of [1, 2]) {
      const body = '<!-- barbacane:issue exit=5 -->\n'
      github.issues.push({ id: number, number, user, title: 'Drift', body, state: 'open' })
    }
    await here.act({ command: 'verify', issue: 'Drift' })
    assert.deepEqual(
      github.issues.map(({ state, state_reason: reason }) => [state, reason]),
      [
        ['open', undefined],
        ['closed', 'not_planned'],
      ],
    )
  })
})
