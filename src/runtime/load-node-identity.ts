import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { open } from 'node:fs/promises'

import { isProblemError, NODE_NAME_PATTERN, systemReason } from '../domain/index.ts'
import type { NodeIdentity, NodeKey } from './admin/index.ts'
import { runtimeProblems as problems } from './problems.ts'

export interface NodeIdentityFlags {
  readonly name: string | undefined
  /** An absolute path. */
  readonly keyPath: string | undefined
}

/** Others may not read it, and the group may not write it: a secret that Kubernetes mounts is readable by its group. */
const FORBIDDEN_MODE = 0o027
const MAX_KEY_BYTES = 64 * 1024

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
  try {
    await using file = await open(path, 'r')
    const facts = await file.stat()
    if (!facts.isFile() || facts.size > MAX_KEY_BYTES) {
      throw problems.BCN_NODE_KEY_UNREADABLE({ path, reason: 'it is not a file that could hold a key' })
    }
    if ((facts.mode & FORBIDDEN_MODE) !== 0) {
      throw problems.BCN_NODE_KEY_EXPOSED({ path, mode: (facts.mode & 0o777).toString(8).padStart(4, '0') })
    }
    return await file.readFile('utf8')
  } catch (error) {
    if (isProblemError(error)) throw error
    throw problems.BCN_NODE_KEY_UNREADABLE({ path, reason: systemReason(error) }, { cause: error })
  }
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
