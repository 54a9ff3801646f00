import type { Provenance } from '../../domain/index.ts'
import type { VerifiedSigner } from './verify-signature.ts'

/** The signer in words. */
export function describeSigner(signer: VerifiedSigner): string {
  return signer.kind === 'key'
    ? `the key ${signer.name} (${signer.hint})`
    : `${signer.identity} of ${signer.issuer}`
}

/** What is known of the commit, and on whose word. */
export function describeOrigin(
  { commit, source, dirty }: Provenance,
  signer: VerifiedSigner,
): { readonly outcome: string; readonly skipped?: boolean } {
  const claimed = commit === null ? 'no commit' : `${commit}${source === null ? '' : ` of ${source}`}`
  const state = dirty === true ? ', with uncommitted changes' : ''
  if (signer.kind === 'key') {
    return { outcome: `${claimed}${state}, on the word of the key's holder`, skipped: true }
  }
  if (commit === null || signer.commit === undefined) {
    return { outcome: `${claimed}${state}; the certificate names no commit to compare`, skipped: true }
  }
  return { outcome: `${claimed}${state}, as the certificate says` }
}
