import { open } from 'node:fs/promises'
import { resolve } from 'node:path'

import type { FleetNode, SecretReference } from '../../config/index.ts'
import { isLoopback, systemReason } from '../../domain/index.ts'
import type { Failure, TlsMaterial } from './transport.ts'

/** What a question to a node carries. */
export interface Access {
  readonly headers: Readonly<Record<string, string>>
  readonly tls: TlsMaterial | undefined
}

/** Reads what is needed to reach nodes; every file is read once, so one is made for every round. */
export type ReadAccess = (node: FleetNode) => Promise<Access | { readonly failure: Failure }>

const MAX_FILE_BYTES = 1024 * 1024
// What RFC 6750 §2.1 lets a bearer token be.
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/

/**
 * Opens the access to the nodes of a fleet.
 *
 * @param folder that relative paths refer to: the one of fleet.yaml
 */
export function openAccess(folder: string, env: Readonly<Record<string, string | undefined>>): ReadAccess {
  const files = new Map<string, Promise<Buffer>>()
  const read = (path: string) => {
    const known = files.get(path) ?? readSmall(resolve(folder, path))
    files.set(path, known)
    return known
  }
  const readOptional = async (path: string | undefined) => (path === undefined ? undefined : read(path))
  return async ({ adminUrl, tls, token }) => {
    try {
      return {
        headers: token === undefined ? {} : { authorization: `Bearer ${await readToken(token, adminUrl)}` },
        tls: tls && {
          ca: await readOptional(tls.ca),
          cert: await readOptional(tls.cert),
          key: await readOptional(tls.key),
          serverName: tls.serverName,
        },
      }
    } catch (error) {
      const detail = error instanceof UnusableAccess ? error.message : systemReason(error)
      return { failure: { reason: 'access-unusable', detail, isTransient: false } }
    }
  }

  async function readToken(reference: SecretReference, adminUrl: string): Promise<string> {
    const url = new URL(adminUrl)
    if (url.protocol !== 'https:' && !isLoopback(url))
      throw new UnusableAccess('a token is sent over https or to this machine only')
    const [text, place] =
      reference.kind === 'env'
        ? [env[reference.name], `the variable ${reference.name}`]
        : [String(await read(reference.path)), reference.path]
    const token = text?.trim() ?? ''
    if (token === '') throw new UnusableAccess(`there is no token in ${place}`)
    if (!TOKEN.test(token)) throw new UnusableAccess(`what is in ${place} is no bearer token`)
    return token
  }
}

class UnusableAccess extends Error {}

async function readSmall(path: string): Promise<Buffer> {
  try {
    await using file = await open(path, 'r')
    const { size } = await file.stat()
    if (size <= MAX_FILE_BYTES) return await file.readFile()
  } catch (error) {
    throw new UnusableAccess(`${path} cannot be read: ${systemReason(error)}`, { cause: error })
  }
  throw new UnusableAccess(`${path} has more than ${MAX_FILE_BYTES} bytes`)
}
