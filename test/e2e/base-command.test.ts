import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { isolatedEnv } from '../support/binary.ts'

const program = join(import.meta.dirname, '../support/sample-command.ts')

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawn(process.execPath, [program, ...args], { env: { ...isolatedEnv(tmpdir()), ...env } })
}

async function run(args: readonly string[], env?: Readonly<Record<string, string>>) {
  const child = start(args, env)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [exit] = (await once(child, 'close')) as [number | null]
  return { stdout, stderr, exit }
}

describe('a command', () => {
  it('puts its result on stdout and everything else on stderr', async () => {
    assert.deepEqual(await run(['warning']), {
      stdout: 'all\n',
      stderr: 'a note\nwarning from the library\nwarning a.yaml:1:2: from the result [r]\n  hint: h\n',
      exit: 0,
    })
  })

  it('prints no notes with --quiet', async () => {
    assert.equal((await run(['findings', '-q'])).stderr, '')
  })

  it('collects warnings in the envelope', async () => {
    const { stdout } = await run(['warning', '--json', '--quiet'])
    const { warnings } = JSON.parse(stdout) as { warnings: readonly { message: string }[] }
    assert.deepEqual(
      warnings.map(({ message }) => message),
      ['from the library', 'from the result'],
    )
  })

  it('leaves with the exit code of its outcome', async () => {
    const { stdout, exit } = await run(['findings', '--json'])
    assert.equal(exit, 3)
    const envelope = JSON.parse(stdout) as Record<string, unknown>
    assert.deepEqual([envelope['ok'], envelope['exit'], envelope['result']], [false, 3, { seen: 'some' }])
  })

  it('is coloured where that is asked for and not forbidden', async () => {
    const env = { NO_COLOR: '', FORCE_COLOR: '1' }
    assert.equal((await run(['findings'], env)).stdout, '\u001b[31msome\u001b[39m\n')
    assert.equal((await run(['findings', '--no-color'], env)).stdout, 'some\n')
  })

  it('calls what it does not know a bug, with the stack only for those who look for it', async () => {
    const { stderr, exit } = await run(['bug'])
    assert.equal(exit, 1)
    assert.match(stderr, /^a note\nerror BCN_INTERNAL_BUG\n {2}.*TypeError: nobody thought of this\n/)
    assert.doesNotMatch(stderr, /sample-command\.ts/)
    assert.match((await run(['bug'], { BARBACANE_DEBUG: '1' })).stderr, /at .*sample-command\.ts:\d+/)
  })

  it('prints a bug as a problem with --json', async () => {
    const { stdout } = await run(['bug', '--json'])
    assert.equal((JSON.parse(stdout) as { problem: { code: string } }).problem.code, 'BCN_INTERNAL_BUG')
  })

  it('ends in silence when nobody reads on', async () => {
    const child = start(['much', '--quiet'])
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    await once(child.stdout, 'data')
    child.stdout.destroy()
    const [exit] = (await once(child, 'close')) as [number | null]
    assert.deepEqual([exit, stderr], [0, ''])
  })
})

describe('a command that is asked to stop', { skip: process.platform === 'win32' }, () => {
  const ready = async (child: ChildProcess) => {
    await once(child.stdout as NonNullable<typeof child.stdout>, 'data')
  }

  for (const [signal, code, exit] of [
    ['SIGINT', 'BCN_CLI_INTERRUPTED', 130],
    ['SIGTERM', 'BCN_CLI_TERMINATED', 143],
  ] as const) {
    it(`gives up in order on ${signal} and says so`, async () => {
      const child = start(['wait', '--quiet'])
      let stderr = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      await ready(child)
      child.kill(signal)
      assert.deepEqual(await once(child, 'close'), [exit, null])
      assert.match(stderr, new RegExp(`^error ${code}\n`))
    })
  }

  it('takes the same key press, seen twice, as one, and ends at once on the next', async () => {
    const child = start(['stubborn', '--quiet'])
    await ready(child)
    child.kill('SIGINT')
    child.kill('SIGINT')
    // Longer than a key press takes to arrive a second time.
    await sleep(600)
    assert.equal(child.exitCode, null)
    child.kill('SIGINT')
    assert.deepEqual(await once(child, 'close'), [130, null])
  })
})
