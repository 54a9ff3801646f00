import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { build, type Metafile } from 'esbuild'

import { repositoryRoot } from '../support/source-tree.ts'

// Each of these costs a start between 15 and 350 ms.
const heavy = [
  '@cyclonedx/cyclonedx-library',
  '@opentelemetry/api',
  '@opentelemetry/exporter-trace-otlp-proto',
  '@opentelemetry/sdk-trace',
  '@sigstore/sign',
  '@sigstore/tuf',
  '@sigstore/verify',
  'ajv',
  'chokidar',
  'listr2',
  'simple-git',
  'undici',
  'yaml',
]

/** What a command may load before it knows what it has to do; everything else comes by `await import`. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  bundle: ['yaml'],
  compile: ['yaml'],
  dev: ['ajv', 'chokidar', 'undici', 'yaml'],
  diff: ['yaml'],
  fmt: ['yaml'],
  history: ['simple-git', 'yaml'],
  init: ['simple-git'],
  keygen: ['yaml'],
  lint: ['yaml'],
  lock: ['yaml'],
  'node/add': ['simple-git', 'yaml'],
  'node/keygen': ['yaml'],
  'node/list': ['simple-git', 'yaml'],
  'node/revoke': ['simple-git', 'yaml'],
  plan: ['simple-git', 'yaml'],
  promote: ['simple-git', 'yaml'],
  prove: ['yaml'],
  release: ['simple-git', 'yaml'],
  rollback: ['simple-git', 'yaml'],
  sbom: ['yaml'],
  serve: ['ajv', 'undici'],
  ship: ['yaml'],
  sign: ['yaml'],
  verify: ['simple-git', 'yaml'],
  'verify-proof': ['yaml'],
}

const commands = readdirSync(join(repositoryRoot, 'src/commands'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('frame/'))
  .filter((name) => !['base-command.ts', 'problems.ts'].includes(name))
  .map((name) => name.slice(0, -'.ts'.length))

const { metafile } = await build({
  absWorkingDir: repositoryRoot,
  entryPoints: commands.map((name) => `src/commands/${name}.ts`),
  bundle: true,
  splitting: true,
  write: false,
  metafile: true,
  outdir: 'dist',
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'silent',
})

describe('the start of a command', () => {
  for (const command of commands) {
    it(`loads nothing heavy for ${command}`, () => {
      const loaded = packagesOf(metafile, `src/commands/${command}.ts`).filter((name) => heavy.includes(name))
      assert.deepEqual(loaded, allowed[command] ?? [])
    })
  }
})

/** The packages that a file imports statically, by way of others too, in the order of their names. */
function packagesOf({ inputs }: Metafile, entry: string): readonly string[] {
  const packages = new Set<string>()
  const seen = new Set<string>()
  const queue = [entry]
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    for (const { path: target, kind, external } of inputs[path]?.imports ?? []) {
      if (kind !== 'import-statement') continue
      if (external === true) packages.add(/^(@[^/]+\/)?[^/]+/.exec(target)?.[0] ?? target)
      else queue.push(target)
    }
  }
  return [...packages].toSorted()
}
