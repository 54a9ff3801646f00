import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { decodeArtifact, type Artifact } from '../../src/artifact/index.ts'
import { printRelease } from '../../src/config/index.ts'
import type { GitRepository } from './git-repository.ts'
import { nodeKeyPair } from './node-key.ts'
import { runBarbacane } from './run-barbacane.ts'
import { spawnGateway, type CleanupScope, type SpawnedGateway } from './spawn-gateway.ts'

export const RELEASE = 'environments/production/release.yaml'

/** A project with one operation, and one more where it is named. */
export function apiFiles(...more: readonly string[]): Record<string, string> {
  const paths = ['/books', ...more].map(
    (path) => `  ${path}:
    get:
      responses: { '200': { description: Good } }
      x-barbacane-dispatch: { name: mock, config: { body: "${path}" } }
`,
  )
  return {
    'barbacane.yaml': 'version: 1\nspecs: ./specs/\n',
    'specs/shop.yaml': `openapi: 3.1.0\ninfo: { title: Shop, version: 1.0.0 }\npaths:\n${paths.join('')}`,
  }
}

/** Compiles what is committed; the file lies outside of git. */
export async function compileCommit(
  { path }: GitRepository,
  name: string,
): Promise<{ readonly bytes: Buffer; readonly artifact: Artifact }> {
  const output = join(path, '.git', name)
  const { exit, stderr } = await runBarbacane(['compile', '--output', output], { cwd: path })
  if (exit !== 0) throw new Error(stderr)
  const bytes = await readFile(output)
  return { bytes, artifact: decodeArtifact(bytes) }
}

/** The text of a release file that pins an artifact. */
export function pinOf({ manifest, digest }: Artifact): string {
  return printRelease({
    artifactHash: manifest.artifact_hash,
    artifactDigest: digest,
    image: null,
    commit: manifest.provenance.commit,
    identity: null,
    releasedBy: 'A. Author <author@example.com>',
    releasedAt: '2026-01-02T03:04:05Z',
    reason: null,
  })
}

export interface FleetGateway extends SpawnedGateway {
  /** As fleet.yaml has it. */
  readonly publicKey: string
  readonly keyPath: string
}

/** A gateway with a name and a key of its own. */
export async function spawnNode(
  context: CleanupScope,
  {
    name,
    artifact,
    folder,
    flags = [],
    env = {},
  }: {
    readonly name: string
    readonly artifact: Uint8Array
    readonly folder: string
    readonly flags?: readonly string[]
    readonly env?: Readonly<Record<string, string>>
  },
): Promise<FleetGateway> {
  const { privatePem, publicKey } = nodeKeyPair()
  const keyPath = join(folder, `${name}.key`)
  await writeFile(keyPath, privatePem, { mode: 0o600 })
  const identity = ['--node-name', name, '--node-key', keyPath]
  const gateway = await spawnGateway(context, { artifact, flags: [...identity, ...flags], env })
  return {
    ...gateway,
    keyPath,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  }
}

/** A proxy before an admin listener that changes what it answers. */
export async function lyingProxy(
  context: CleanupScope,
  target: string,
  lie: (answer: Record<string, unknown>) => Record<string, unknown>,
): Promise<string> {
  const server = createServer((question, reply) => {
    request(`${target}${question.url ?? ''}`, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        reply.end(JSON.stringify(lie(JSON.parse(String(Buffer.concat(chunks))) as Record<string, unknown>)))
      })
    }).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** An address at which nobody listens. */
export async function deadAddress(): Promise<string> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}
