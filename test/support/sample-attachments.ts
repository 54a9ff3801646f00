import type { Digest } from '../../src/domain/index.ts'
import type { AttachedFile } from '../../src/oci/index.ts'

/** A bundle of the right form whose statement is about these digests; its signature is not one. */
export function sampleBundle(...subjects: readonly Digest[]): AttachedFile {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://slsa.dev/provenance/v1',
    subject: subjects.map((digest) => ({
      name: 'api.bca',
      digest: { sha256: digest.slice('sha256:'.length) },
    })),
    predicate: {},
  }
  const bundle = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: 'test' } },
    dsseEnvelope: {
      payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
      payloadType: 'application/vnd.in-toto+json',
      signatures: [{ sig: 'AAAA', keyid: '' }],
    },
  }
  return { path: 'api.bca.sigstore.json', bytes: Buffer.from(JSON.stringify(bundle)) }
}

/** An SBOM whose root component is the artifact of this digest. */
export function sampleSbom(digest: Digest): AttachedFile {
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: {
      component: { name: 'api.bca', hashes: [{ alg: 'SHA-256', content: digest.slice('sha256:'.length) }] },
    },
  }
  return { path: 'api.bca.cdx.json', bytes: Buffer.from(JSON.stringify(bom)) }
}
