import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { build, type Plugin } from 'esbuild'

import { describeBundled } from './bundled-licenses.ts'
import { parserBytes } from './parser-bytes.ts'

// The gateway as one file: its code in a copy of Node, which needs nothing else (docs/adr/0028-one-executable.md).
const root = join(import.meta.dirname, '..')
const folder = join(root, 'dist-gateway')
const node = join(root, 'executable/node_modules/node/bin/node')

/** What is read beside the code elsewhere is a part of it here. */
const constants: Plugin = {
  name: 'constants',
  setup: (bundling) => {
    bundling.onLoad({ filter: /[/\\]bcrypt-library\.ts$/ }, async () => {
      const code = await readFile(join(root, 'node_modules/hash-wasm/dist/bcrypt.umd.min.js'), 'utf8')
      return { contents: `export const readBcryptLibrary = () => ${JSON.stringify(code)}`, loader: 'js' }
    })
  },
}

await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/runtime/main.ts'],
  outfile: join(folder, 'gateway.cjs'),
  bundle: true,
  // What V8 makes of the code can be kept in the executable for CommonJS alone, and without import().
  format: 'cjs',
  supported: { 'dynamic-import': false },
  platform: 'node',
  target: 'node26',
  minify: true,
  plugins: [constants, parserBytes],
  define: { 'import.meta.url': '$url' },
  banner: { js: "const $url=require('node:url').pathToFileURL(process.execPath).href;" },
  metafile: true,
  logLevel: 'warning',
})
const nodePackages = 'executable/node_modules/node/node_modules'
const platform = (await readdir(join(root, nodePackages))).find((name) => /^node-(?!bin-setup)/.test(name))
if (platform === undefined) throw new Error(`${nodePackages} has no Node for this machine`)
const bundled = [
  ...Object.keys(metafile.inputs),
  'node_modules/hash-wasm/dist/bcrypt.umd.min.js',
  `${nodePackages}/${platform}/bin/node`,
]
await writeFile(join(folder, 'LICENSES.md'), await describeBundled(root, bundled))
const config = {
  main: join(folder, 'gateway.cjs'),
  output: join(folder, 'barbacane-gateway'),
  disableExperimentalSEAWarning: true,
  useCodeCache: true,
  // The arguments are the gateway's, not those of Node.
  execArgvExtension: 'none',
}
const configPath = join(folder, 'sea.json')
await writeFile(configPath, JSON.stringify(config))
execFileSync(node, ['--build-sea', configPath], { stdio: ['ignore', 'ignore', 'inherit'] })
await rm(configPath)
await chmod(config.output, 0o755)
