import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { before, describe, it } from 'node:test'

import {
  generateKey,
  keyTypes,
  planStatement,
  requireSignature,
  signWithKey,
  verifyTarget,
  type Statement,
} from '../../../src/attest/index.ts'
import {
  canonicalJson,
  digestOf,
  type JsonObject,
  type JsonValue,
  type ProblemCode,
} from '../../../src/domain/index.ts'
import { expectRejection } from '../../support/expect-problem.ts'
import { mutationsOf } from '../../support/mutate-json.ts'
import { sampleArtifact, sampleInputs } from '../../support/sample-artifact.ts'
import { keyPolicy, signedSample, type SignedSample } from '../../support/signed-sample.ts'

let sample: SignedSample
before(async () => {
  sample = await signedSample()
})

async function codeOf(change: Partial<SignedSample['target']>, policy = sample.policy) {
  const report = await verifyTarget({ ...sample.target, ...change }, policy)
  assert.equal(report.verified, report.problem === undefined)
  return report.problem?.code
}

async function subjectOf(change: Partial<SignedSample['target']>) {
  const { chain, problem } = await verifyTarget({ ...sample.target, ...change }, sample.policy)
  assert.equal(problem, undefined)
  return chain.find(({ name }) => name === 'subject')?.outcome ?? ''
}

const parsed = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString()) as JsonObject
const encoded = (value: JsonValue) => Buffer.from(JSON.stringify(value))

describe('verifyTarget', () => {
  for (const type of keyTypes) {
    it(`accepts what a key of type ${type} signed, and says what it checked`, async () => {
      const { target, policy } = await signedSample(type)
      const report = await verifyTarget(target, { ...policy, requireSbom: true })
      assert.equal(report.problem, undefined)
      assert.equal(report.verified, true)
      assert.equal(report.artifact_digest, digestOf(target.artifactBytes))
      const status = Object.fromEntries(report.chain.map((link) => [link.name, link.status]))
      assert.deepEqual(status, {
        artifact: 'verified',
        signature: 'verified',
        signer: 'verified',
        statement: 'verified',
        subject: 'verified',
        inputs: 'verified',
        origin: 'skipped',
        sbom: 'verified',
        git: 'skipped',
        rebuild: 'skipped',
      })
    })
  }

  it('takes a missing signature for a failure, and reaches nothing behind it', async () => {
    const report = await verifyTarget({ ...sample.target, bundles: [] }, sample.policy)
    assert.equal(report.problem?.code, 'BCN_VERIFY_SIGNATURE_MISSING')
    assert.equal(report.problem.exit, 4)
    assert.deepEqual(
      report.chain.map(({ status }) => status),
      ['verified', 'failed', ...Array.from({ length: 8 }, () => 'unreached')],
    )
    const attested = await requireSignature(sample.target, { ...sample.policy, requireGit: true })
    assert.match(attested.identity, /^the key release\.pub/)
    await expectRejection('BCN_VERIFY_SIGNATURE_MISSING', () =>
      requireSignature({ ...sample.target, bundles: [] }, sample.policy),
    )
  })

  it('refuses the signature of another artifact', async () => {
    const other = sampleArtifact({
      inputs: sampleInputs
        .slice(0, 3)
        .concat({ kind: 'spec', path: 'specs/pets.yaml', text: 'openapi: 3.1.1\n' }),
    })
    assert.equal(await codeOf({ artifactBytes: other }), 'BCN_VERIFY_WRONG_SUBJECT')
  })

  it('refuses a damaged artifact before anything else', async () => {
    const damaged = Buffer.from(sample.bytes)
    damaged.writeUInt8(damaged.readUInt8(700) ^ 1, 700)
    const report = await verifyTarget({ ...sample.target, artifactBytes: damaged }, sample.policy)
    assert.match(report.problem?.code ?? '', /^BCN_ARTIFACT_/)
    assert.equal(report.artifact_digest, null)
  })

  it('refuses a key that is not pinned, and a key where an identity is asked for', async () => {
    const stranger = keyPolicy(createPublicKey(generateKey('p256').publicPem))
    assert.equal(await codeOf({}, stranger), 'BCN_VERIFY_KEY')
    const identities = [{ issuer: 'https://issuer.example', identity: 'me' }]
    assert.equal(await codeOf({}, { ...sample.policy, keys: [], identities }), 'BCN_VERIFY_IDENTITY')
  })

  it('refuses an altered payload and an altered signature', async () => {
    const bundle = parsed(sample.bundle) as {
      dsseEnvelope: { payload: string; signatures: { sig: string }[] }
    }
    const text = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString().replace('api.bca', 'apj.bca')
    const payload = Buffer.from(text).toString('base64')
    const altered = { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, payload } }
    assert.equal(await codeOf({ bundles: [encoded(altered)] }), 'BCN_VERIFY_SIGNATURE_INVALID')
  })

  it('refuses another payload type, even rightly signed', async () => {
    const bundle = parsed(sample.bundle) as { dsseEnvelope: { payloadType: string } }
    bundle.dsseEnvelope.payloadType = 'application/json'
    assert.equal(
      await codeOf({ bundles: [encoded(bundle as unknown as JsonValue)] }),
      'BCN_VERIFY_PAYLOAD_TYPE',
    )
  })

  it('accepts the good one of several bundles, and reports the one that led furthest', async () => {
    const rubbish = Buffer.from('{}')
    assert.equal(await codeOf({ bundles: [rubbish, sample.bundle] }), undefined)
    const wrongSubject = await signStatement((statement) => {
      ;(statement.subject[0] as { digest: { sha256: string } }).digest.sha256 = '0'.repeat(64)
    })
    assert.equal(await codeOf({ bundles: [rubbish, wrongSubject, rubbish] }), 'BCN_VERIFY_WRONG_SUBJECT')
    const many = Array.from({ length: 65 }, () => sample.bundle)
    assert.equal(await codeOf({ bundles: many }), 'BCN_VERIFY_BUNDLE')
  })

  it('wants the image that is signed to be the one that holds the artifact, and says what was signed', async () => {
    const imageDigest = digestOf('image')
    assert.match(await subjectOf({ imageDigest }), /^is this artifact; the image .* is not signed itself$/)
    const { artifact, sbom } = sample
    const request = {
      artifact,
      name: 'api.bca',
      builder: { id: 'https://barbacane.dev/builder/local' as const },
    }
    const sign = (image: typeof imageDigest) =>
      signWithKey(
        planStatement({ ...request, sbomDigest: digestOf(sbom), imageDigest: image }),
        sample.privateKey,
      )
    const both = [await sign(imageDigest)]
    assert.match(await subjectOf({ imageDigest, bundles: both }), /^is this artifact and the image sha256:/)
    assert.match(await subjectOf({ bundles: both }), /, and the image .* which is not looked at here$/)
    assert.equal(await codeOf({ imageDigest, bundles: [await sign(digestOf('x'))] }), 'BCN_VERIFY_IMAGE')
  })
})

describe('the SBOM of a target', () => {
  it('has to be the signed one, and there where it is required', async () => {
    const required = { ...sample.policy, requireSbom: true }
    assert.equal(await codeOf({ sbom: undefined }), undefined)
    assert.equal(await codeOf({ sbom: undefined }, required), 'BCN_VERIFY_SBOM_MISSING')
    const unnamed = await signStatement((statement) => {
      delete (statement.predicate.runDetails as { byproducts?: unknown }).byproducts
    })
    assert.equal(await codeOf({ bundles: [unnamed], sbom: undefined }, required), 'BCN_VERIFY_SBOM_MISSING')
    assert.equal(await codeOf({ bundles: [unnamed] }), undefined)
    assert.equal(await codeOf({ bundles: [unnamed] }, required), 'BCN_VERIFY_SBOM_MISSING')
    const other = Buffer.from('{}')
    assert.equal(await codeOf({ sbom: other, otherSboms: [sample.sbom] }, required), undefined)
    assert.equal(await codeOf({ sbom: other, otherSboms: [other] }), 'BCN_VERIFY_SBOM')
  })

  it('is caught in every mutation', async () => {
    const mutations = mutationsOf(parsed(sample.sbom))
    assert.ok(mutations.length > 200)
    for (const { value, pointer, change } of mutations) {
      assert.equal(await codeOf({ sbom: encoded(value) }), 'BCN_VERIFY_SBOM', `${pointer} ${change}`)
    }
  })
})

describe('a bundle', () => {
  it('is caught in every mutation', async () => {
    const codes = new Set<string>()
    for (const { value, pointer, change } of mutationsOf(parsed(sample.bundle))) {
      const code = await codeOf({ bundles: [encoded(value)] })
      if (isWithoutMeaning(pointer, change)) assert.equal(code, undefined, pointer)
      else assert.ok(code, `${pointer} ${change}`)
      codes.add(code ?? 'none')
    }
    assert.deepEqual([...codes].toSorted(), [
      'BCN_VERIFY_BUNDLE',
      'BCN_VERIFY_KEY',
      'BCN_VERIFY_PAYLOAD_TYPE',
      'BCN_VERIFY_SIGNATURE_INVALID',
      'none',
    ])
  })

  // An empty message and a missing one are the same bundle.
  const isWithoutMeaning = (pointer: string, change: string) =>
    change === 'removed' && pointer === '/verificationMaterial/timestampVerificationData'

  it('is refused when it is no JSON, too new or of another kind', async () => {
    const bundle = parsed(sample.bundle)
    for (const bad of [
      Buffer.from('no'),
      Buffer.from([0xff]),
      encoded([]),
      encoded({ ...bundle, mediaType: 'application/vnd.dev.sigstore.bundle.v0.4+json' }),
    ]) {
      assert.equal(await codeOf({ bundles: [bad] }), 'BCN_VERIFY_BUNDLE')
    }
    const { dsseEnvelope: _, ...rest } = bundle
    const message = { messageDigest: { algorithm: 'SHA2_256', digest: 'AAAA' }, signature: 'AAAA' }
    assert.equal(
      await codeOf({ bundles: [encoded({ ...rest, messageSignature: message })] }),
      'BCN_VERIFY_BUNDLE',
    )
  })
})

describe('a statement signed by the right key', () => {
  const expected: readonly (readonly [pointer: RegExp, code: ProblemCode])[] = [
    [/^\/(_type|predicateType)$/, 'BCN_VERIFY_STATEMENT_TYPE'],
    [/^\/predicate$/, 'BCN_VERIFY_STATEMENT_TYPE'],
    [/^\/predicate\/buildDefinition(\/buildType)?$/, 'BCN_VERIFY_STATEMENT_TYPE'],
    [/^\/predicate\/buildDefinition\/(external|internal)Parameters/, 'BCN_VERIFY_EXTERNAL_PARAMETER'],
    [/^\/predicate\/buildDefinition\/resolvedDependencies/, 'BCN_VERIFY_DEPENDENCY'],
    [/^\/predicate\/runDetails\/builder\/version/, 'BCN_VERIFY_BUILDER'],
    [/^\/predicate\/runDetails\/byproducts/, 'BCN_VERIFY_SBOM'],
    [/^\/predicate\/runDetails\/byproducts(\/0)?$/, 'BCN_VERIFY_SBOM_MISSING'],
    [/^\/subject/, 'BCN_VERIFY_WRONG_SUBJECT'],
    [/^\/subject\/0\/annotations/, 'BCN_VERIFY_ARTIFACT_HASH'],
  ]

  it('is caught in every mutation, each part with its own code', async () => {
    const statement = planStatement({
      artifact: sample.artifact,
      name: 'api.bca',
      builder: { id: 'https://barbacane.dev/builder/local' },
      sbomDigest: digestOf(sample.sbom),
    })
    const seen = new Set<string>()
    for (const { value, pointer, change } of mutationsOf(statement as unknown as JsonValue)) {
      const code = await codeOf({ bundles: [await sign(value)] }, { ...sample.policy, requireSbom: true })
      const where = `${pointer} ${change} → ${code}`
      // The name of a subject is for people: files are renamed (in-toto Statement v1, `subject`).
      if (pointer === '/subject/0/name' && change === 'flipped') assert.equal(code, undefined, where)
      else assert.ok(code, where)
      if (code !== undefined && code !== 'BCN_VERIFY_STATEMENT') {
        const codes = expected.filter(([pattern]) => pattern.test(pointer)).map(([, wanted]) => wanted)
        assert.ok(codes.includes(code), where)
      }
      seen.add(code ?? 'none')
    }
    for (const [, code] of expected) assert.ok(seen.has(code), code)
  })

  it('with a parameter that nobody knows is refused, and named', async () => {
    const bundle = await signStatement((statement) => {
      Object.assign(statement.predicate.buildDefinition.externalParameters, { debug: true })
    })
    const report = await verifyTarget({ ...sample.target, bundles: [bundle] }, sample.policy)
    assert.equal(report.problem?.code, 'BCN_VERIFY_EXTERNAL_PARAMETER')
    assert.match(report.problem.message, /externalParameters\.debug is true, not nothing/)
  })

  it('that is no JSON is refused', async () => {
    assert.equal(await codeOf({ bundles: [await signText('not json')] }), 'BCN_VERIFY_STATEMENT')
  })
})

async function signStatement(change: (statement: Statement) => void): Promise<Buffer> {
  const statement = structuredClone(
    planStatement({
      artifact: sample.artifact,
      name: 'api.bca',
      builder: { id: 'https://barbacane.dev/builder/local' },
      sbomDigest: digestOf(sample.sbom),
    }),
  )
  change(statement)
  return signWithKey(statement, sample.privateKey)
}

async function sign(value: JsonValue): Promise<Buffer> {
  return signText(canonicalJson(value))
}

// Signs any text as the payload of a bundle, as an attacker who holds the key could.
async function signText(text: string): Promise<Buffer> {
  const { sign: signBytes } = await import('node:crypto')
  const bundle = parsed(sample.bundle) as { dsseEnvelope: { payload: string; signatures: { sig: string }[] } }
  const type = 'application/vnd.in-toto+json'
  const length = Buffer.byteLength(text)
  const pae = Buffer.from(`DSSEv1 ${type.length} ${type} ${length} ${text}`)
  bundle.dsseEnvelope.payload = Buffer.from(text).toString('base64')
  bundle.dsseEnvelope.signatures = [{ sig: signBytes('sha256', pae, sample.privateKey).toString('base64') }]
  return encoded(bundle)
}
