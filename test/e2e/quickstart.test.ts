import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import { repositoryRoot } from '../support/source-tree.ts'

const script = join(repositoryRoot, 'scripts/quickstart.ts')

function start(context: TestContext, parameters: readonly string[]) {
  const child = spawn(process.execPath, [script, ...parameters], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const closed = once(child, 'close') as Promise<[number | null]>
  context.after(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await closed
  })
  return { child, closed, output: () => output }
}

async function occupy(context: TestContext, port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1')
  const [event] = await Promise.race([
    once(server, 'listening').then(() => ['listening']),
    once(server, 'error').then(() => ['error']),
  ])
  // Somebody else has it already, which is as good.
  if (event === 'listening') context.after(() => void server.close())
}

function passes(output: string): readonly string[] {
  return output.split('\n').filter((line) => line.startsWith('PASS'))
}

describe('npm start', () => {
  it('serves the example, checks it and ends with --once', async (context) => {
    const quickstart = start(context, ['--once'])
    const [code] = await quickstart.closed
    assert.equal(code, 0, quickstart.output())
    assert.equal(passes(quickstart.output()).length, 9, quickstart.output())
    assert.doesNotMatch(quickstart.output(), /FAIL/)
  })

  it('takes other ports where its own are taken, and says where; Ctrl-C ends it with 0', async (context) => {
    for (const port of [8080, 8081, 9100]) await occupy(context, port)
    const { child, closed, output } = start(context, [])
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', () => /Ctrl-C ends it/.test(output()) && resolve())
      child.once('exit', () => reject(new Error(output())))
    })
    const [, gateway] = /The gateway listens on (http:\S+?),/.exec(output()) ?? []
    assert.ok(gateway !== undefined && !gateway.endsWith(':8080'))
    const response = await fetch(`${gateway}/books?limit=1`)
    assert.equal(response.status, 200)
    child.kill('SIGINT')
    assert.deepEqual(await closed, [0, null], output())
    await assert.rejects(fetch(gateway), 'nothing is left behind')
  })
})
