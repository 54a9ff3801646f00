import { createPublicKey, sign, type KeyObject } from 'node:crypto'

import type { Signer } from '@sigstore/sign'

import { keyHint } from '../keys/generate-key.ts'
import type { Statement } from '../statement/statement.ts'
import { createBundle } from './create-bundle.ts'
import { openWitnesses, translateServiceErrors, type WitnessServices } from './services.ts'

/**
 * Signs a statement with a key of one's own. Touches the network only where a log or a time stamping authority is
 * named.
 *
 * @throws {ProblemError} BCN_ATTEST_SERVICE
 */
export async function signWithKey(
  statement: Statement,
  privateKey: KeyObject,
  services: WitnessServices = {},
): Promise<Buffer> {
  const witnesses = await openWitnesses(services)
  return translateServiceErrors(services, () => createBundle(statement, keySigner(privateKey), witnesses))
}

function keySigner(privateKey: KeyObject): Signer {
  const publicKey = createPublicKey(privateKey)
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string
  const algorithm = privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  return {
    sign: (data) =>
      Promise.resolve({
        signature: sign(algorithm, data, privateKey),
        key: { $case: 'publicKey', publicKey: pem, hint: keyHint(publicKey) },
      }),
  }
}
