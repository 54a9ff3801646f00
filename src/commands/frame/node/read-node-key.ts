import { createPublicKey, type KeyObject } from 'node:crypto'

import { readSmallFile } from '../../../attest/index.ts'
import { nodeProblems as problems } from './node-problems.ts'

/**
 * Reads the public key of a node from PEM (SPKI).
 *
 * @param path absolute
 * @returns the base64 of its DER, as fleet.yaml has it
 * @throws {ProblemError} BCN_VERIFY_UNREADABLE, BCN_NODE_PUBLIC_KEY
 */
export async function readNodeKey(path: string): Promise<string> {
  const pem = (await readSmallFile(path)).toString('utf8')
  if (pem.includes('PRIVATE KEY-----')) {
    throw problems.BCN_NODE_PUBLIC_KEY({ path, reason: 'it is a private key' })
  }
  const key = parse(path, pem)
  if (key.asymmetricKeyType !== 'ed25519') {
    const reason = `it is of the type ${key.asymmetricKeyType ?? 'unknown'}, and nodes sign with Ed25519`
    throw problems.BCN_NODE_PUBLIC_KEY({ path, reason })
  }
  return base64Key(key)
}

/** The base64 of the SPKI DER of a public key. */
export function base64Key(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).toString('base64')
}

function parse(path: string, pem: string): KeyObject {
  try {
    return createPublicKey(pem)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw problems.BCN_NODE_PUBLIC_KEY({ path, reason: 'it holds no public key in PEM' }, { cause: error })
  }
}
