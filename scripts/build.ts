import { execFile } from 'node:child_process'
import { chmod, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { writeManifest } from './manifest.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const fresh = join(root, 'dist.tmp')
const compiler = join(root, 'node_modules/typescript/bin/tsc')

await rm(fresh, { recursive: true, force: true })
await compile()
await rm(dist, { recursive: true, force: true })
await rename(fresh, dist)
await chmod(join(root, 'bin/run.js'), 0o755)
await writeManifest(root)

// Into a folder beside it: a build that fails must not leave half of one in the place of the last.
async function compile(): Promise<void> {
  const project = ['-p', join(root, 'tsconfig.build.json'), '--outDir', fresh]
  try {
    await promisify(execFile)(process.execPath, [compiler, ...project])
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    process.stderr.write((error as { readonly stdout?: string }).stdout ?? String(error))
    process.exit(1)
  }
}
