import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { ifFound } from '../../domain/index.ts'
import type { Toolchain } from './toolchain.ts'

/** The compiler is a devDependency of the plugin; its options are in asconfig.json. */
export const assemblyscript: Toolchain = {
  language: 'assemblyscript',
  title: 'AssemblyScript',
  install: 'npm install --save-dev assemblyscript, in the folder of the plugin',
  missing: /Cannot find package 'binaryen'/,
  plan: async ({ root }, { folder, host }) => {
    const compiler = await findCompiler(root)
    if (compiler === undefined) return undefined
    const output = join(folder, 'plugin.wasm')
    return {
      program: host.nodePath,
      args: [compiler, 'assembly/index.ts', '--outFile', output],
      output: () => output,
    }
  },
}

/** The compiler as Node finds packages: in the folder, or in one above it. */
async function findCompiler(folder: string): Promise<string | undefined> {
  const path = join(folder, 'node_modules/assemblyscript/bin/asc.js')
  if ((await ifFound(stat(path))) !== undefined) return path
  const parent = dirname(folder)
  return parent === folder ? undefined : findCompiler(parent)
}
