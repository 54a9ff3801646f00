import { join } from 'node:path'

import type { Toolchain } from './toolchain.ts'

interface CargoMessage {
  readonly reason?: string
  readonly filenames?: readonly string[]
}

/** By cargo, for the target that .cargo/config.toml names: wasm32-unknown-unknown or wasm32-wasip1. */
export const rust: Toolchain = {
  language: 'rust',
  title: 'Rust',
  install:
    'rustup target add wasm32-unknown-unknown, or apt-get install cargo libstd-rust-dev-wasm32 on Debian',
  missing: /can't find crate for `(core|std)`|target may not be installed/,
  plan: async ({ root }, { host }) => {
    const home = host.env['CARGO_HOME'] ?? join(host.env['HOME'] ?? root, '.cargo')
    // Panics name their places, which would differ between machines.
    const flags = [`--remap-path-prefix=${root}=/plugin`, `--remap-path-prefix=${home}=/cargo`]
    return {
      program: 'cargo',
      args: [
        'build',
        '--release',
        '--message-format=json-render-diagnostics',
        '--config',
        `build.rustflags=${JSON.stringify(flags)}`,
      ],
      output: (stdout) => lastModule(stdout),
    }
  },
}

/** Cargo tells of what it made in a line of JSON each, the package itself last. */
function lastModule(stdout: string): string | undefined {
  const files = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as CargoMessage)
    .filter(({ reason }) => reason === 'compiler-artifact')
    .flatMap(({ filenames = [] }) => filenames)
  return files.findLast((file) => file.endsWith('.wasm'))
}
