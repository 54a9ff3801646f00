import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

import { NODE_NAME_PATTERN } from '../domain/index.ts'
import type { NodeIdentity, NodeKey } from './admin/index.ts'
import { runtimeProblems as problems } from './problems.ts'
import { readPrivateFile } from './read-private-file.ts'

export interface NodeIdentityFlags {
  readonly name: string | undefined
  /** An absolute path. */
  readonly keyPath: string | undefined
}

/**
 * Who this node is. Without a name it is called as its machine is.
 *
 * @throws {ProblemError} BCN_SERVE_OPTION, BCN_NODE_KEY_UNREADABLE, BCN_NODE_KEY_EXPOSED, BCN_NODE_KEY_TYPE
 */
export async function loadNodeIdentity(flags: NodeIdentityFlags, hostname: string): Promise<NodeIdentity> {
  const name = flags.name ?? hostname
  const isProven = flags.keyPath !== undefined
  if ((flags.name !== undefined || isProven) && !NODE_NAME_PATTERN.test(name)) {
    const reason = `${JSON.stringify(name)} is not a name of lower-case letters, digits, dots and hyphens`
    throw problems.BCN_SERVE_OPTION({ option: '--node-name', reason })
  }
  return { name, key: isProven ? await loadNodeKey(flags.keyPath) : null }
}

async function loadNodeKey(path: string): Promise<NodeKey> {
  const pem = await readKeyFile(path)
  const privateKey = parseKey(path, pem)
  if (privateKey.asymmetricKeyType !== 'ed25519') {
    throw problems.BCN_NODE_KEY_TYPE({ path, type: privateKey.asymmetricKeyType ?? 'unknown' })
  }
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

async function readKeyFile(path: string): Promise<string> {
  const file = await readPrivateFile(path)
  if ('text' in file) return file.text
  if ('exposedMode' in file) throw problems.BCN_NODE_KEY_EXPOSED({ path, mode: file.exposedMode })
  throw problems.BCN_NODE_KEY_UNREADABLE({ path, reason: file.reason }, { cause: file.cause })
}

// The error of the parser is left out: it may speak of what it read.
function parseKey(path: string, pem: string): KeyObject {
  if (pem.includes('ENCRYPTED')) {
    const reason = 'it is encrypted, and a gateway starts with nobody to ask for the passphrase'
    throw problems.BCN_NODE_KEY_UNREADABLE({ path, reason })
  }
  try {
    return createPrivateKey(pem)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw problems.BCN_NODE_KEY_UNREADABLE({ path, reason: 'it holds no private key in PEM' })
  }
}
