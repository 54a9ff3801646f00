import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { printRelease } from '../src/config/index.ts'
import type { Digest } from '../src/domain/index.ts'
import { alternate, measure, table } from './measure.ts'

const ROUNDS = Number(process.argv[2] ?? 3)
/** What a fleet of ten thousand may take. */
const MAX_PEAK_MB = 250
const root = join(import.meta.dirname, '..')

interface Fleet {
  readonly hash: Digest
  readonly digest: Digest
  readonly nodes: readonly { readonly name: string; readonly url: string; readonly publicKey: string }[]
}

for (const count of [1000, 10_000]) await compare(count)

/** `verify --fleet` of a repository beside a loop of fetch over the same addresses, as whole processes. */
async function compare(count: number): Promise<void> {
  const server = spawn(process.execPath, [join(root, 'bench/fleet-nodes.ts'), String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string]
  const fleet = JSON.parse(line) as Fleet
  const folder = mkdtempSync(join(tmpdir(), 'bench-fleet-'))
  try {
    writeRepository(folder, fleet)
    const urls = join(folder, 'urls.json')
    writeFileSync(urls, JSON.stringify(fleet.nodes.map(({ url }) => url)))
    const verify = [join(root, 'bin/run.js'), 'verify', '--fleet', '--json']
    const floor = 'fetch and JSON.parse'
    const samples = alternate(ROUNDS, {
      'verify --fleet': () => measure(verify, folder),
      [floor]: () => measure([join(root, 'bench/fleet-floor.ts'), urls], folder),
    })
    process.stdout.write(`\n${count} nodes\n\n${table(samples, floor)}\n`)
    const peakMb = Math.max(...samples['verify --fleet'].map((sample) => sample.peakMb))
    if (peakMb > MAX_PEAK_MB) throw new Error(`verify --fleet took ${peakMb} MB, more than ${MAX_PEAK_MB}`)
  } finally {
    server.kill()
    rmSync(folder, { recursive: true })
  }
}

function writeRepository(folder: string, { hash, digest, nodes }: Fleet): void {
  const items = nodes.map(
    ({ name, url, publicKey }) =>
      `  - { name: ${name}, environment: production, admin_url: "${url}", public_key: ${publicKey} }\n`,
  )
  writeFileSync(
    join(folder, 'fleet.yaml'),
    `version: 1\nenvironments: { production: {} }\nnodes:\n${items.join('')}`,
  )
  mkdirSync(join(folder, 'environments/production'), { recursive: true })
  const none = { image: null, commit: null, identity: null, releasedBy: null, releasedAt: null, reason: null }
  writeFileSync(
    join(folder, 'environments/production/release.yaml'),
    printRelease({ artifactHash: hash, artifactDigest: digest, ...none }),
  )
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: folder })
  const author = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', '-c', 'commit.gpgsign=false']
  git('init', '-q', '-b', 'main')
  git('add', '.')
  git(...author, 'commit', '-q', '-m', 'Release')
}
