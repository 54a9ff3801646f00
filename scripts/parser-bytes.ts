import { createRequire } from 'node:module'

import type { Plugin } from 'esbuild'

const MODULE = 'undici/lib/llhttp/llhttp_simd-wasm.js'

/**
 * Bundles the bytes of llhttp as bytes. The package exports a `Buffer` from CommonJS, of which esbuild would make a module
 * with a getter for every byte: twelve megabytes of heap in each gateway.
 */
export const parserBytes: Plugin = {
  name: 'parser-bytes',
  setup: (build) => {
    const require = createRequire(import.meta.url)
    const namespace = 'parser-bytes'
    build.onResolve({ filter: new RegExp(`^${MODULE}$`) }, () => ({ path: MODULE, namespace }))
    build.onLoad({ filter: /./, namespace }, () => ({
      contents: require(MODULE) as Uint8Array,
      loader: 'binary',
    }))
  },
}
