import type { Signer, Witness } from '@sigstore/sign'

import { canonicalJson, type JsonValue } from '../../domain/index.ts'
import { PAYLOAD_TYPE, type Statement } from '../statement/statement.ts'

/** Signs a statement: a Sigstore bundle v0.3 with one DSSE signature, as canonical JSON and a line feed. */
export async function createBundle(
  statement: Statement,
  signer: Signer,
  witnesses: Witness[],
): Promise<Buffer> {
  const [{ DSSEBundleBuilder }, { bundleToJSON }] = await Promise.all([
    import('@sigstore/sign'),
    import('@sigstore/bundle'),
  ])
  const data = Buffer.from(canonicalJson(statement as unknown as JsonValue))
  const bundle = await new DSSEBundleBuilder({ signer, witnesses }).create({ data, type: PAYLOAD_TYPE })
  // cosign takes a key id to be an SSH fingerprint and refuses any other; it is not signed and not needed.
  for (const signature of bundle.content.dsseEnvelope.signatures) signature.keyid = ''
  const json = JSON.parse(JSON.stringify(bundleToJSON(bundle))) as JsonValue
  return Buffer.from(`${canonicalJson(json)}\n`)
}
