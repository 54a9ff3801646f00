import type { KeyObject } from 'node:crypto'

import { nodePublicKey } from '../../config/index.ts'
import { publicKeyId } from '../../domain/index.ts'

/** A public key of a node, ready to verify with. */
export interface NodeKey {
  readonly key: KeyObject
  /** As a signature names it. */
  readonly id: string
}

/** The key of its base64 SPKI DER, each made once. */
export type Keyring = (base64: string) => NodeKey

export function createKeyring(): Keyring {
  const keys = new Map<string, NodeKey>()
  return (base64) => {
    const known = keys.get(base64)
    if (known !== undefined) return known
    const key = nodePublicKey(base64)
    const made = { key, id: publicKeyId(key) }
    keys.set(base64, made)
    return made
  }
}
