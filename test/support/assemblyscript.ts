import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { repositoryRoot } from './source-tree.ts'

/** A program of its own: the types of its library change those of JavaScript. */
const compiler = join(repositoryRoot, 'node_modules/assemblyscript/bin/asc.js')

/** Compiles an example of the SDK as its README says. */
export async function compileExample(name: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'asc-'))
  const output = join(folder, 'plugin.wasm')
  try {
    const args = [`examples/${name}.ts`, '-o', output, '-O3', '--runtime', 'stub']
    await promisify(execFile)(process.execPath, [compiler, ...args, '--use', 'abort=assembly/plugin/abort'], {
      cwd: join(repositoryRoot, 'sdk/assemblyscript'),
    })
    return await readFile(output)
  } finally {
    await rm(folder, { recursive: true })
  }
}
