import type { Witness } from '@sigstore/sign'

import { attestProblems as problems } from '../problems.ts'

/** Base URLs of services that confirm a signature. */
export interface WitnessServices {
  /** Rekor: the transparency log. */
  readonly rekorUrl?: string
  /** RFC 3161 time stamping authority. */
  readonly tsaUrl?: string
}

export interface SigningServices extends WitnessServices {
  /** Fulcio: the certificate authority for identities. */
  readonly fulcioUrl?: string
}

const REQUEST = { timeout: 30_000, retry: 2 }

/** Clients of the log and the time stamping authority that are named. */
export async function openWitnesses({ rekorUrl, tsaUrl }: WitnessServices): Promise<Witness[]> {
  if (rekorUrl === undefined && tsaUrl === undefined) return []
  const { RekorWitness, TSAWitness } = await import('@sigstore/sign')
  const witnesses: Witness[] = []
  if (rekorUrl !== undefined) witnesses.push(new RekorWitness({ rekorBaseURL: rekorUrl, ...REQUEST }))
  if (tsaUrl !== undefined) witnesses.push(new TSAWitness({ tsaBaseURL: tsaUrl, ...REQUEST }))
  return witnesses
}

/** A client of the certificate authority for the holder of an identity token. */
export async function openIdentitySigner(fulcioUrl: string, token: string) {
  const { FulcioSigner } = await import('@sigstore/sign')
  const identityProvider = { getToken: () => Promise.resolve(token) }
  return new FulcioSigner({ fulcioBaseURL: fulcioUrl, identityProvider, ...REQUEST })
}

/**
 * Runs the signing, and says which service failed where one does. Only the kind of the failure is passed on: the
 * library puts the identity token into some of its messages.
 *
 * @throws {ProblemError} BCN_ATTEST_SERVICE, BCN_ATTEST_NO_TOKEN
 */
export async function translateServiceErrors<T>(
  services: SigningServices,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code.startsWith('IDENTITY_TOKEN_')) {
      throw problems.BCN_ATTEST_NO_TOKEN({ reason: 'the identity token is not a JWT with a subject' })
    }
    const named = serviceOf(code, services)
    if (named === undefined) throw error
    const cause = (error as Error).cause
    const reason = cause instanceof Error ? cause.message : (error as Error).message
    throw problems.BCN_ATTEST_SERVICE({ ...named, reason }, { cause: error })
  }
}

function serviceOf(code: string, { fulcioUrl = '', rekorUrl = '', tsaUrl = '' }: SigningServices) {
  if (code.startsWith('CA_')) return { service: 'The certificate authority (Fulcio)', url: fulcioUrl }
  if (code.startsWith('TLOG_')) return { service: 'The transparency log (Rekor)', url: rekorUrl }
  if (code.startsWith('TSA_')) return { service: 'The time stamping authority', url: tsaUrl }
  return undefined
}
