import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { build } from 'esbuild'

import { folderOf, importsOf, readSourceTree, repositoryRoot, targetOf } from '../support/source-tree.ts'

const allowed: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  artifact: ['domain'],
  config: ['domain'],
  git: ['domain'],
  predicate: ['domain'],
  sandbox: ['domain'],
  compiler: ['domain', 'artifact', 'config', 'predicate', 'sandbox'],
  attest: ['domain', 'artifact'],
  oci: ['domain', 'artifact'],
  runtime: ['domain', 'artifact', 'predicate', 'sandbox'],
  fleet: ['domain', 'artifact', 'config', 'git', 'diff'],
  project: ['domain', 'artifact', 'git'],
  plugin: ['domain', 'artifact', 'config', 'compiler', 'runtime', 'sandbox'],
  terminal: ['domain'],
  development: ['domain', 'artifact'],
  diff: ['domain', 'artifact'],
}
const edges = ['commands', 'hooks']
const files = readSourceTree()

describe('layers', () => {
  it('are all known', () => {
    const known = [...Object.keys(allowed), ...edges]
    for (const { path } of files)
      assert.ok(known.includes(folderOf(path)), `src/${path} is in no known layer`)
  })

  it('import only what they may know, types included', () => {
    for (const file of files) {
      const folder = folderOf(file.path)
      if (edges.includes(folder)) continue
      for (const specifier of importsOf(file)) {
        const target = targetOf(file, specifier)
        if (target === undefined || folderOf(target) === folder) continue
        assert.ok(allowed[folder]?.includes(folderOf(target)), `src/${file.path} imports ${specifier}`)
      }
    }
  })

  it('are used through their index.ts', () => {
    for (const file of files) {
      for (const specifier of importsOf(file)) {
        const target = targetOf(file, specifier)
        if (target === undefined || folderOf(target) === folderOf(file.path)) continue
        if (edges.includes(folderOf(target))) continue
        // The generated schema modules and sub-indexes of the compiler are its public parts too.
        assert.match(
          target,
          /^[a-z]+\/((bundle|document|format|inputs|lint|structure)\/)?index\.ts$/,
          `src/${file.path} imports ${specifier}`,
        )
      }
    }
  })

  it('keep the terminal libraries to commands, hooks and terminal', () => {
    for (const file of files) {
      if (['commands', 'hooks', 'terminal'].includes(folderOf(file.path))) continue
      for (const specifier of importsOf(file)) {
        assert.doesNotMatch(specifier, /^(@oclif\/|ink|listr2|react)/, `src/${file.path}`)
      }
    }
  })

  it('let domain use no package', () => {
    for (const file of files.filter(({ path }) => folderOf(path) === 'domain')) {
      for (const specifier of importsOf(file))
        assert.match(specifier, /^(\.\/|node:(crypto|net|path\/posix)$)/, file.path)
      // Of the network it knows how addresses are written and compared, and no more.
      if (file.text.includes("from 'node:net'")) {
        assert.match(file.text, /^import \{ BlockList, isIP \} from 'node:net'$/m, file.path)
      }
    }
  })

  it('reach for process, console, clock, randomness and fetch only at the edges', () => {
    const impure = /\bprocess\.|\bconsole\.|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|(?<![.\w])fetch\(/
    for (const file of files) {
      if (edges.includes(folderOf(file.path)) || file.path === 'runtime/main.ts') continue
      const line = file.text
        .split('\n')
        .findIndex((text) => impure.test(text) && !/^\s*(\/\/|\*|\/\*)/.test(text))
      assert.equal(line, -1, `src/${file.path}:${line + 1} is impure`)
    }
  })
})

/** What `--otlp-endpoint` loads. */
const TRACING = [
  '@opentelemetry/api',
  '@opentelemetry/core',
  '@opentelemetry/exporter-trace-otlp-proto',
  '@opentelemetry/otlp-exporter-base',
  '@opentelemetry/otlp-transformer',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-metrics',
  '@opentelemetry/sdk-trace',
  '@opentelemetry/semantic-conventions',
]

describe('the data plane', () => {
  it('starts from runtime/main.ts with nothing of the compiler or the command line', async () => {
    const { metafile } = await build({
      absWorkingDir: repositoryRoot,
      entryPoints: ['src/runtime/main.ts'],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
    })
    const inputs = Object.keys(metafile.inputs)
    const folders = new Set(
      inputs.filter((path) => path.startsWith('src/')).map((path) => folderOf(path.slice(4))),
    )
    const packages = new Set(
      inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
    )
    assert.deepEqual([...folders].toSorted(), ['artifact', 'domain', 'predicate', 'runtime', 'sandbox'])
    assert.deepEqual([...packages].toSorted(), [
      ...TRACING,
      'ajv',
      'ajv-formats',
      'fast-deep-equal',
      'fast-uri',
      'jose',
      'json-schema-traverse',
      'lru-cache',
      're2js',
      'smol-toml',
      'undici',
      'yaml',
    ])
  })
})

describe('files', () => {
  it('hold one decision each: none over 300 lines, half of them under 100', () => {
    const sizes = files.map(({ text }) => text.split('\n').length - 1).toSorted((a, b) => a - b)
    const long = files.filter(({ text }) => text.split('\n').length - 1 > 300).map(({ path }) => path)
    assert.deepEqual(long, [])
    assert.ok((sizes[Math.floor(sizes.length / 2)] as number) < 100)
  })

  it('name no unit of nothing in particular', () => {
    for (const { path } of files) assert.doesNotMatch(path, /(^|\/)(utils?|helpers?|common|misc|manager)[./]/)
  })

  it('form no cycle', () => {
    const graph = new Map(
      files.map((file) => [file.path, importsOf(file).flatMap((name) => targetOf(file, name) ?? [])]),
    )
    const done = new Set<string>()
    const visit = (path: string, trail: readonly string[]): void => {
      assert.ok(!trail.includes(path), `cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`)
      if (done.has(path)) return
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
      done.add(path)
    }
    for (const path of graph.keys()) visit(path, [])
  })
})
