/** The module name of WASI preview 1. */
export const WASI_MODULE = 'wasi_snapshot_preview1'
