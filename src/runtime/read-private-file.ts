import { open } from 'node:fs/promises'

import { systemReason } from '../domain/index.ts'

/** Others may not read it, and the group may not write it: a secret that Kubernetes mounts is readable by its group. */
const FORBIDDEN_MODE = 0o027
const MAX_BYTES = 64 * 1024

/** The text of a file, or why it is not taken: it cannot be read, or others than its owner and its group can get at it. */
export type PrivateFile =
  | { readonly text: string }
  | { readonly reason: string; readonly cause?: unknown }
  | { readonly exposedMode: string }

/** Reads a file that holds a private key. */
export async function readPrivateFile(path: string): Promise<PrivateFile> {
  try {
    await using file = await open(path, 'r')
    const facts = await file.stat()
    if (!facts.isFile() || facts.size > MAX_BYTES) return { reason: 'it is not a file that could hold a key' }
    if ((facts.mode & FORBIDDEN_MODE) !== 0) {
      return { exposedMode: (facts.mode & 0o777).toString(8).padStart(4, '0') }
    }
    return { text: await file.readFile('utf8') }
  } catch (cause) {
    return { reason: systemReason(cause), cause }
  }
}
