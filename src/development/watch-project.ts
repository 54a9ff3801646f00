import { basename } from 'node:path'

import { watch } from 'chokidar'

const WATCHED = /\.(ya?ml|json|lock|wasm)$/
const SKIPPED = new Set(['node_modules', '.git', '.barbacane'])

/** True for a file whose change may change the artifact; folders are entered unless they hold none of ours. */
export function isWatched(path: string, isFile: boolean): boolean {
  return isFile ? WATCHED.test(path) : !SKIPPED.has(basename(path))
}

/** Watches the descriptions, manifest, lock and plugins below a folder until the returned function is called. */
export function watchProject(root: string, onChange: (path: string) => void): () => Promise<void> {
  const watcher = watch(root, {
    ignoreInitial: true,
    ignored: (path, stats) => stats !== undefined && !isWatched(path, stats.isFile()),
    awaitWriteFinish: { stabilityThreshold: 40, pollInterval: 10 },
  })
  watcher.on('all', (_event, path) => onChange(path))
  return () => watcher.close()
}
