import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The code of bcrypt, for a thread that has nothing else. In the executable it is a constant (scripts/build-gateway.ts). */
export function readBcryptLibrary(): string {
  return readFileSync(createRequire(import.meta.url).resolve('hash-wasm/dist/bcrypt.umd.min.js'), 'utf8')
}
