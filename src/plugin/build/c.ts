import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { Toolchain } from './toolchain.ts'

const COMPILER_FLAGS = [
  '--target=wasm32',
  '-std=c17',
  '-O2',
  // Copies and fills are instructions, since there is no library to call.
  '-mbulk-memory',
  '-ffreestanding',
  '-fvisibility=hidden',
  '-nostdlib',
  '-Wall',
  '-Wextra',
  '-Werror',
]

/** A stack that grows too large meets the end of memory instead of data. */
const LINKER_FLAGS = ['--no-entry', '--stack-first', '--strip-all'].map((flag) => `-Wl,${flag}`)

/** Every file of `src/` that ends with `.c`, by clang for wasm32, without a library. */
export const c: Toolchain = {
  language: 'c',
  title: 'C',
  install: 'apt-get install clang lld, or brew install llvm lld',
  missing: /wasm-ld.*(doesn't exist|not found|No such file)|No available targets are compatible/,
  plan: async ({ root }, { folder }) => {
    const sources = (await readdir(join(root, 'src'))).filter((name) => name.endsWith('.c')).toSorted()
    const output = join(folder, 'plugin.wasm')
    return {
      program: 'clang',
      args: [...COMPILER_FLAGS, ...LINKER_FLAGS, '-o', output, ...sources.map((name) => `src/${name}`)],
      output: () => output,
    }
  },
}
