import { chmod, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { build } from 'esbuild'

import { describeBundled } from './bundled-licenses.ts'
import { writeManifest } from './manifest.ts'
import { namedExports } from './named-exports.ts'
import { parserBytes } from './parser-bytes.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const fresh = join(root, 'dist.tmp')

/**
 * What a start of lint, compile, dev or serve loads is bundled: a hundred small files take longer to find than to run
 * (docs/adr/0011-bundled-build.md). Everything else stays where npm installs it.
 */
const bundled = new Set([
  '@oclif/core',
  'ajv',
  'ajv-formats',
  'jose',
  'js-yaml',
  'jsonc-parser',
  're2js',
  'simple-git',
  'spdx-expression-parse',
  'spdx-license-ids',
  'undici',
  'yaml',
])

await rm(fresh, { recursive: true, force: true })
try {
  await bundle()
} catch (error) {
  // A build that fails must not leave half of one in the place of the last.
  await rm(fresh, { recursive: true, force: true })
  throw error
}
await rm(dist, { recursive: true, force: true })
await rename(fresh, dist)
await chmod(join(root, 'bin/run.js'), 0o755)
await writeManifest(root)

async function bundle(): Promise<void> {
  const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...(await entries()), { in: 'bin/start.js', out: 'start' }],
    outdir: fresh,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Its main file requires its parts by names that no bundler sees.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    // oclif asks for TypeScript where it finds a tsconfig.json, which start.js tells it not to.
    external: ['typescript', ...Object.keys(dependencies).filter((name) => !bundled.has(name))],
    // What is bundled may be CommonJS, which asks for built-in modules by `require`.
    banner: {
      js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);",
    },
    plugins: [namedExports(bundled), parserBytes],
    metafile: true,
    logLevel: 'warning',
  })
  await writeFile(join(fresh, 'LICENSES.md'), await describeBundled(root, Object.keys(metafile.inputs)))
}

/** The files that are found by their names: commands and hooks by oclif, the gateway by whoever starts it alone. */
async function entries(): Promise<{ in: string; out: string }[]> {
  const found = ['runtime/main']
  for (const folder of ['commands', 'hooks']) {
    const names = await readdir(join(root, 'src', folder), { recursive: true })
    const modules = names.filter((name) => name.endsWith('.ts') && !isShared(name))
    found.push(...modules.map((name) => `${folder}/${name.slice(0, -'.ts'.length)}`))
  }
  return found.map((name) => ({ in: `src/${name}.ts`, out: name }))
}

function isShared(name: string): boolean {
  return name === 'base-command.ts' || name === 'problems.ts' || name.startsWith('frame/')
}
