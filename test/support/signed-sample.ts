import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

import { decodeArtifact, type Artifact } from '../../src/artifact/index.ts'
import {
  createSbom,
  generateKey,
  planStatement,
  signWithKey,
  type CompilerPackages,
  type KeyType,
  type VerificationPolicy,
  type VerificationTarget,
} from '../../src/attest/index.ts'
import { digestOf } from '../../src/domain/index.ts'
import { sampleArtifact } from './sample-artifact.ts'

export const samplePackages: CompilerPackages = {
  compiler: {
    name: 'barbacane',
    version: '0.1.0',
    license: 'Apache-2.0',
    sha512: undefined,
    dependsOn: ['@scope/a@1.0.0'],
  },
  dependencies: [
    {
      name: '@scope/a',
      version: '1.0.0',
      license: '(MIT OR Apache-2.0)',
      sha512: 'ab'.repeat(64),
      dependsOn: ['b@2.0.0'],
    },
    { name: 'b', version: '2.0.0', license: 'SEE LICENSE IN LICENSE', sha512: undefined, dependsOn: [] },
  ],
}

export interface SignedSample {
  readonly artifact: Artifact
  readonly bytes: Buffer
  readonly bundle: Buffer
  readonly sbom: Buffer
  readonly privateKey: KeyObject
  readonly policy: VerificationPolicy
  readonly target: VerificationTarget
}

/** A valid artifact with SBOM, key pair and bundle. */
export async function signedSample(type: KeyType = 'p256'): Promise<SignedSample> {
  const bytes = sampleArtifact()
  const artifact = decodeArtifact(bytes)
  const pair = generateKey(type)
  const privateKey = createPrivateKey(pair.privatePem)
  const sbom = await createSbom({ artifact, name: 'api.bca', specVersion: '1.6', packages: samplePackages })
  const statement = planStatement({
    artifact,
    name: 'api.bca',
    builder: { id: 'https://barbacane.dev/builder/local' },
    sbomDigest: digestOf(sbom),
  })
  const bundle = await signWithKey(statement, privateKey)
  const policy = keyPolicy(createPublicKey(pair.publicPem))
  const target: VerificationTarget = {
    kind: 'artifact',
    name: 'api.bca',
    artifactBytes: bytes,
    bundles: [bundle],
    sbom,
  }
  return { artifact, bytes, bundle, sbom, privateKey, policy, target }
}

/** A policy that accepts one key. */
export function keyPolicy(publicKey: KeyObject): VerificationPolicy {
  return {
    keys: [{ name: 'release.pub', publicKey }],
    identities: [],
    requireSbom: false,
    requireGit: false,
  }
}
