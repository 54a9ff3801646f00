import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { repositoryRoot } from './source-tree.ts'

/** A program of its own: the types of its library change those of JavaScript. */
const compiler = join(repositoryRoot, 'node_modules/assemblyscript/bin/asc.js')

/** What `npm install` takes for a plugin in AssemblyScript: folders of packages. */
export const sdkPackages: readonly string[] = [
  join(repositoryRoot, 'sdk/assemblyscript'),
  ...['assemblyscript', 'binaryen', 'long'].map((name) => join(repositoryRoot, 'node_modules', name)),
]

/** Installs the SDK and the compiler in the folder of a plugin, as links to what is here. */
export async function linkSdk(folder: string): Promise<void> {
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, '@barbacane'), { recursive: true })
  await symlink(
    join(repositoryRoot, 'sdk/assemblyscript'),
    join(modules, '@barbacane/plugin-assemblyscript'),
    'junction',
  )
  await symlink(
    join(repositoryRoot, 'node_modules/assemblyscript'),
    join(modules, 'assemblyscript'),
    'junction',
  )
}

/** Compiles an example of the SDK with the options that its README names. */
export async function compileExample(name: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'asc-'))
  const output = join(folder, 'plugin.wasm')
  try {
    const args = [`examples/${name}.ts`, '-o', output, '--config', 'examples/asconfig.json']
    await promisify(execFile)(process.execPath, [compiler, ...args], {
      cwd: join(repositoryRoot, 'sdk/assemblyscript'),
    })
    return await readFile(output)
  } finally {
    await rm(folder, { recursive: true })
  }
}
