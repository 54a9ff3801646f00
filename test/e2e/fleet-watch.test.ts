import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { barbacane, isolatedEnv } from '../support/binary.ts'
import { apiFiles, compileCommit, pinOf, RELEASE, spawnNode } from '../support/fleet-scene.ts'
import { gitRepository } from '../support/git-repository.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SECRET = Buffer.alloc(32, 9)

interface Line {
  readonly event?: string
  readonly alert?: { readonly kind: string; readonly node: string; readonly episode: string }
}

describe('verify --fleet --watch', () => {
  it('raises one alert when a file is changed and one when it is back, through a restart, by log, metrics and webhook', async (context) => {
    await using repository = await gitRepository(apiFiles())
    await using folder = await temporaryFolder()
    const { bytes, artifact } = await compileCommit(repository, 'api.bca')
    const node = await spawnNode(context, { name: 'edge-1', artifact: bytes, folder: folder.path })
    const fleet = `version: 1\nenvironments: { production: {} }\nnodes:\n  - { name: edge-1, environment: production, admin_url: "${node.adminUrl}", public_key: ${node.publicKey} }\n`
    await repository.commit({ 'fleet.yaml': fleet, [RELEASE]: pinOf(artifact) }, 'Release')

    const received: { readonly body: string; readonly isSigned: boolean }[] = []
    const receiver = createServer((request, reply) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = String(Buffer.concat(chunks))
        const {
          'webhook-id': id,
          'webhook-timestamp': time,
          'webhook-signature': signature,
        } = request.headers
        const expected = createHmac('sha256', SECRET)
          .update(`${String(id)}.${String(time)}.${body}`)
          .digest('base64')
        received.push({ body, isSigned: signature === `v1,${expected}` })
        reply.writeHead(204).end()
      })
    })
    receiver.listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    context.after(() => receiver.close())
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
    const statePath = join(folder.path, 'watch.json')

    const watch = () => {
      const [program, ...first] = barbacane()
      const args = ['verify', '--fleet', '--watch', '--interval', '1', '--state-file', statePath, '--json']
      const more = ['--metrics-listen', '127.0.0.1:0', '--webhook', url]
      const child = spawn(program, [...first, ...args, ...more], {
        cwd: repository.path,
        env: { ...isolatedEnv(folder.path), BARBACANE_WEBHOOK_SECRET: `whsec_${SECRET.toString('base64')}` },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      context.after(() => child.kill('SIGKILL'))
      let [stdout, stderr] = ['', '']
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      const lines = () =>
        stdout.split('\n').flatMap((line) => (/^\{"event".*\}$/.test(line) ? [JSON.parse(line) as Line] : []))
      const until = async (isThere: () => boolean) => {
        while (!isThere()) {
          if (child.exitCode !== null) assert.fail(`it ended: ${stderr}${stdout}`)
          await new Promise((resolve) => setTimeout(resolve, 50))
        }
      }
      const alerts = () => lines().flatMap(({ alert }) => alert ?? [])
      const stop = async () => {
        child.kill('SIGTERM')
        const [code] = (await once(child, 'exit')) as [number]
        assert.equal(code, 0, stderr)
        return stdout
      }
      return { lines, alerts, until, stop, stderr: () => stderr }
    }

    const first = watch()
    await first.until(() => first.lines().some(({ event }) => event === 'polled'))
    await writeFile(node.artifactPath, Buffer.concat([bytes, Buffer.from([0])]))
    await first.until(() => first.alerts().length > 0)
    const [, metricsUrl] = /Metrics are at (http:\S+metrics)\./.exec(first.stderr()) ?? []
    const metrics = await (await fetch(metricsUrl ?? '')).text()
    assert.match(
      metrics,
      /^barbacane_fleet_node_state\{node="edge-1",environment="production",verdict="TamperedOnDisk"\} 1$/m,
    )
    assert.equal((await fetch((metricsUrl ?? '').replace('/metrics', '/'))).status, 404)
    await first.until(() => received.length > 0)
    await first.stop()

    const second = watch()
    await second.until(() => second.lines().filter(({ event }) => event === 'polled').length >= 2)
    assert.deepEqual(second.alerts(), [])
    await writeFile(node.artifactPath, bytes)
    await second.until(() => second.alerts().length > 0)
    await second.until(() => received.length > 1)
    const output = await second.stop()

    const [opened] = first.alerts()
    assert.equal(first.alerts().length, 1)
    assert.deepEqual(
      second.alerts().map(({ kind, episode }) => [kind, episode]),
      [['recovered', opened?.episode]],
    )
    assert.deepEqual(
      received.map(({ body, isSigned }) => [(JSON.parse(body) as { type: string }).type, isSigned]),
      [
        ['fleet.episode.opened', true],
        ['fleet.episode.recovered', true],
      ],
    )
    assert.match(output, /"result": \{\s+"polls": \d+,\s+"failed_polls": 0,\s+"alerts": 1/)
    assert.deepEqual((JSON.parse(await readFile(statePath, 'utf8')) as { pending: unknown }).pending, [])
  })

  it('tells in plain lines where nobody looks, and ends after the polls that were asked for', async () => {
    await using repository = await gitRepository({
      ...apiFiles(),
      'fleet.yaml':
        'version: 1\nenvironments: { a: {} }\nnodes: [{ name: edge-1, environment: a, admin_url: "http://127.0.0.1:1" }]\n',
    })
    const args = ['verify', '--fleet', '--watch', '--interval', '1', '--polls', '3', '--retries', '0']
    const { exit, stdout, stderr } = await runBarbacane(args, { cwd: repository.path })
    assert.equal(exit, 0, stderr)
    const lines = stdout.trim().split('\n')
    assert.equal(lines.length, 2)
    assert.match(
      lines[0] ?? '',
      /^\S+Z not in sync 1 node compared with HEAD .*: 0 in sync, .* 1 unreachable\.$/,
    )
    assert.match(lines[1] ?? '', /^\S+Z ALERT edge-1 \(a\) Unreachable connection-failed: /)
  })

  it('refuses what it could not rely on', async () => {
    await using repository = await gitRepository({
      'fleet.yaml':
        'version: 1\nenvironments: { a: {} }\nnodes: [{ name: edge-1, environment: a, admin_url: "http://127.0.0.1:1" }]\n',
      'other.json': '{}',
    })
    const code = async (env: Record<string, string>, ...flags: readonly string[]) => {
      const args = ['verify', '--fleet', '--watch', '--polls', '1', ...flags]
      const { exit, stderr } = await runBarbacane(args, { cwd: repository.path, env })
      assert.equal(exit, 2, stderr)
      return /BCN_\w+/.exec(stderr)?.[0]
    }
    assert.equal(await code({}, '--state-file', 'other.json'), 'BCN_FLEET_STATE')
    assert.equal(await code({}, '--webhook', 'https://alerts.example'), 'BCN_FLEET_WEBHOOK')
    const secret = { BARBACANE_WEBHOOK_SECRET: `whsec_${SECRET.toString('base64')}` }
    assert.equal(await code(secret, '--webhook', 'http://alerts.example'), 'BCN_FLEET_WEBHOOK')
    assert.equal(await code({}, '--metrics-listen', 'nowhere'), 'BCN_SERVE_OPTION')
  })
})
