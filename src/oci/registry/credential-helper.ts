import { spawn } from 'node:child_process'

import { systemReason } from '../../domain/index.ts'
import { ociProblems as problems } from '../problems.ts'
import type { RegistryHost } from './registry-host.ts'

const MAX_OUTPUT_BYTES = 64 * 1024
const TIMEOUT_MS = 60_000
const NOT_FOUND = 'credentials not found in native keychain'

export interface HelperAnswer {
  readonly username: string
  readonly secret: string
}

/**
 * Asks a Docker credential helper, `docker-credential-NAME get` with the server's name on stdin. What it prints is
 * never shown: it may hold a secret.
 *
 * @returns undefined where the helper has no credentials for the server.
 * @throws {ProblemError} BCN_OCI_CREDENTIALS
 */
export async function askCredentialHelper(
  name: string,
  server: string,
  host: RegistryHost,
): Promise<HelperAnswer | undefined> {
  const place = `docker-credential-${name}`
  const fail = (reason: string, cause?: unknown) => problems.BCN_OCI_CREDENTIALS({ place, reason }, { cause })
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) throw fail('its name is not the name of a program')
  const { status, output, fault } = await run(place, server, host)
  host.signal.throwIfAborted()
  if (fault !== undefined) throw fail(systemReason(fault), fault)
  if (status !== 0) {
    if (output.trim() === NOT_FOUND) return undefined
    throw fail(`it ended with ${status === null ? 'a signal' : `status ${status}`}`)
  }
  const answer = parseAnswer(output)
  if (answer === undefined) throw fail('it did not answer with a user name and a secret')
  return answer
}

interface Run {
  readonly status: number | null
  readonly output: string
  readonly fault?: Error
}

function run(program: string, server: string, { env, signal }: RegistryHost): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(program, ['get'], {
      env: { ...env },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const chunks: Buffer[] = []
    let sizeBytes = 0
    child.stdout.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.byteLength
      if (sizeBytes > MAX_OUTPUT_BYTES) child.kill()
      else chunks.push(chunk)
    })
    // A helper that does not read its input answers for itself with its status.
    child.stdin.on('error', () => child.stdin.destroy())
    child.on('error', (fault) => resolve({ status: null, output: '', fault }))
    child.on('close', (status) => resolve({ status, output: Buffer.concat(chunks).toString() }))
    child.stdin.end(server)
  })
}

function parseAnswer(output: string): HelperAnswer | undefined {
  try {
    const { Username: username, Secret: secret } = JSON.parse(output) as Record<string, unknown>
    return typeof username === 'string' && typeof secret === 'string' ? { username, secret } : undefined
  } catch {
    // The caller reports it; the parser's message would quote the secret.
    return undefined
  }
}
