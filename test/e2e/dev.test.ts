import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import { barbacane, isolatedEnv } from '../support/binary.ts'
import { startRegistry, storePlugin } from '../support/registry/index.ts'
import { wasmModule } from '../support/wasm.ts'

const description = (answer: string) => `openapi: 3.1.0
info: { title: Greetings, version: 1.0.0 }
paths:
  /greeting:
    get:
      responses: { '200': { description: A greeting } }
      x-barbacane-dispatch: { name: mock, config: { body: ${answer} } }
`

describe('barbacane dev', () => {
  it('reloads on a change and keeps the previous version while a build fails', async (context) => {
    const { folder, logged, url, stop } = await startDev(context, description('one'))
    assert.equal(await (await fetch(`${await url()}/greeting`)).text(), 'one')

    save(folder, description('two'))
    await logged(/reloaded 1 route/)
    assert.equal(await (await fetch(`${await url()}/greeting`)).text(), 'two')

    save(folder, description('two').replace('name: mock', 'name: mok'))
    await logged(/specs\/api\.yaml\n +7:\d+ +error +.*plugin-unknown/)
    await logged(/The previous version goes on serving/)
    assert.equal(await (await fetch(`${await url()}/greeting`)).text(), 'two')

    save(folder, description('three'))
    await logged(/reloaded 1 route[^]*reloaded 1 route/)
    assert.equal(await (await fetch(`${await url()}/greeting`)).text(), 'three')
    assert.equal(await stop('SIGINT'), 0)
  })

  it('waits for the first description that compiles', async (context) => {
    const { folder, logged, url, stop } = await startDev(context, 'openapi: 3.1.0\n')
    await logged(/Waiting for a change/)
    save(folder, description('mended'))
    assert.equal(await (await fetch(`${await url()}/greeting`)).text(), 'mended')
    assert.equal(await stop('SIGTERM'), 0)
  })

  it('fetches plugins when it builds and never when it answers, and goes on where one is not there', async (context) => {
    await using registry = await startRegistry()
    const module = wasmModule({ exports: ['on_request'] })
    const reference = storePlugin(registry, module, ['application/wasm'])
    const { folder, logged, url, stop } = await startDev(context, description('one'))
    const greeting = `${await url()}/greeting`
    const pin = (oci: string) =>
      writeFileSync(
        join(folder, 'barbacane.yaml'),
        `version: 1\nspecs: ./specs/\nplugins: { filter: { oci: '${oci}' } }\n`,
      )
    pin(reference)
    await logged(/reloaded 1 route/)
    const asked = registry.requests.length
    assert.ok(asked > 0)
    assert.equal(await (await fetch(greeting)).text(), 'one')
    assert.equal(registry.requests.length, asked)
    pin(reference.replace(/[0-9a-f]{64}$/, 'ab'.repeat(32)))
    await logged(/BCN_OCI_NOT_FOUND[^]*The previous version goes on serving/)
    assert.equal(await (await fetch(greeting)).text(), 'one')
    assert.equal(await stop('SIGINT'), 0)
  })

  it('ends with the error of the listener when the port is taken', async (context) => {
    const first = await startDev(context, description('one'))
    const taken = new URL(await first.url()).host
    const second = await startDev(context, description('one'), taken)
    await second.logged(/BCN_LISTEN_IN_USE/)
    assert.equal(await second.exited(), 7)
  })
})

function save(folder: string, text: string): void {
  writeFileSync(join(folder, 'specs/api.yaml'), text)
}

async function startDev(context: TestContext, text: string, listen = '127.0.0.1:0') {
  const folder = mkdtempSync(join(tmpdir(), 'dev-'))
  mkdirSync(join(folder, 'specs'))
  writeFileSync(join(folder, 'barbacane.yaml'), 'version: 1\nspecs: ./specs/\n')
  save(folder, text)
  const [program, script] = barbacane()
  const args = [script, 'dev', '--listen', listen, '--admin-bind', 'off', '--debounce-ms', '20']
  const child = spawn(program, args, {
    cwd: folder,
    env: isolatedEnv(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const take = (chunk: string) => {
    output += chunk
    child.emit('output')
  }
  child.stdout.setEncoding('utf8').on('data', take)
  child.stderr.setEncoding('utf8').on('data', take)
  const logged = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const match = pattern.exec(output)
      if (match !== null) return match
      assert.equal(child.exitCode, null, output)
      await Promise.race([once(child, 'output'), once(child, 'exit')])
    }
  }
  context.after(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    rmSync(folder, { recursive: true })
  })
  return {
    folder,
    logged,
    url: async () => `http://${(await logged(/listening address=(\S+)/))[1]}`,
    exited: async () => child.exitCode ?? ((await once(child, 'exit')) as [number | null])[0],
    stop: async (signal: NodeJS.Signals) => {
      const exited = once(child, 'exit')
      child.kill(signal)
      return ((await exited) as [number | null])[0]
    },
  }
}
