import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { decodeArtifact } from '../../src/artifact/index.ts'
import {
  planStatement,
  verifyTarget,
  type Builder,
  type VerificationPolicy,
  type VerificationTarget,
} from '../../src/attest/index.ts'
import { signKeyless } from '../../src/attest/sign/sign-keyless.ts'
import type { JsonObject, JsonValue } from '../../src/domain/index.ts'
import { mutationsOf } from '../support/mutate-json.ts'
import { startRegistry } from '../support/registry/index.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { sampleArtifact } from '../support/sample-artifact.ts'
import {
  githubClaims,
  startSigstore,
  unsignedToken,
  type SigstoreServices,
} from '../support/sigstore-services.ts'

const COMMIT = 'a'.repeat(40)
const { iss: issuer, sub: identity } = githubClaims(COMMIT) as { iss: string; sub: string }
const builder: Builder = { id: 'https://barbacane.dev/builder/github-actions' }
const bytes = sampleArtifact()
const artifact = decodeArtifact(bytes)

let sigstore: SigstoreServices
let policy: VerificationPolicy
let bundle: Buffer

before(async () => {
  sigstore = await startSigstore()
  policy = {
    keys: [],
    identities: [{ issuer, identity }],
    trustedRoot: { path: 'trusted_root.json', json: sigstore.trustedRoot },
    requireSbom: false,
    requireGit: false,
  }
  bundle = await signAs(githubClaims(COMMIT))
})
after(() => sigstore.close())

async function signAs(claims: Record<string, unknown>, by = builder, of = artifact): Promise<Buffer> {
  const { url } = sigstore
  const services = { fulcioUrl: url, rekorUrl: url, tsaUrl: url }
  return signKeyless(
    planStatement({ artifact: of, name: 'api.bca', builder: by }),
    unsignedToken(claims),
    services,
  )
}

async function verify(bundles: readonly Uint8Array[], accept = policy) {
  const target: VerificationTarget = { kind: 'artifact', name: 'api.bca', artifactBytes: bytes, bundles }
  return verifyTarget(target, accept)
}

const codeOf = async (...parameters: Parameters<typeof verify>) => (await verify(...parameters)).problem?.code
const parsed = () => JSON.parse(String(bundle)) as JsonObject & { verificationMaterial: JsonObject }
const encoded = (value: JsonValue) => Buffer.from(JSON.stringify(value))

describe('a signature without a key of one’s own', () => {
  it('is verified with certificate, log entry and time stamp, and proves the commit', async () => {
    const report = await verify([bundle])
    assert.equal(report.problem, undefined)
    assert.deepEqual(report.signer, {
      kind: 'identity',
      identity,
      issuer,
      repository: 'https://github.com/acme/gateway',
      commit: COMMIT,
    })
    const origin = report.chain.find(({ name }) => name === 'origin')
    assert.equal(origin?.status, 'verified')
    assert.equal(origin.outcome, `${COMMIT}, as the certificate says`)
  })

  it('is refused for any other identity, issuer or root', async () => {
    const accept = (rule: VerificationPolicy['identities'][number]) => ({ ...policy, identities: [rule] })
    for (const rule of [
      { issuer, identity: 'https://github.com/acme' },
      { issuer, identity: '.' },
      { issuer, identity: /^(?:github\.com\/acme)$/u },
      { issuer: 'https://token.actions', identity },
      { issuer: `${issuer}/x`, identity },
    ]) {
      assert.equal(await codeOf([bundle], accept(rule)), 'BCN_VERIFY_IDENTITY')
    }
    assert.equal(await codeOf([bundle], { ...policy, identities: [] }), 'BCN_VERIFY_KEY')
    assert.equal(await codeOf([bundle], { ...policy, trustedRoot: undefined }), 'BCN_VERIFY_TIMESTAMP')
    const logOnly = (await startSigstore()) satisfies SigstoreServices
    await logOnly.close()
    const root = sigstore.trustedRoot as Record<string, unknown>
    const other = logOnly.trustedRoot as Record<string, unknown>
    const withPart = (part: string) => ({
      ...policy,
      trustedRoot: { path: 'root.json', json: { ...root, [part]: other[part] } },
    })
    assert.equal(await codeOf([bundle], withPart('tlogs')), 'BCN_VERIFY_LOG')
    assert.equal(await codeOf([bundle], withPart('ctlogs')), 'BCN_VERIFY_CERTIFICATE')
    assert.equal(await codeOf([bundle], withPart('certificateAuthorities')), 'BCN_VERIFY_CERTIFICATE')
    assert.equal(await codeOf([bundle], withPart('timestampAuthorities')), 'BCN_VERIFY_TIMESTAMP')
  })

  it('is refused where the certificate contradicts the artifact or the statement', async () => {
    const other = { ...githubClaims('b'.repeat(40)) }
    assert.equal(await codeOf([await signAs(other)]), 'BCN_VERIFY_CERTIFICATE_SOURCE')
    const local: Builder = { id: 'https://barbacane.dev/builder/local' }
    assert.equal(await codeOf([await signAs(githubClaims(COMMIT), local)]), 'BCN_VERIFY_BUILDER')
    const run = { ...githubClaims(COMMIT), run_id: '7', run_attempt: '1' }
    const elsewhere = {
      ...builder,
      invocationId: 'https://github.com/acme/gateway/actions/runs/8/attempts/1',
    }
    const code = await codeOf([await signAs(run, elsewhere)])
    assert.equal(code, 'BCN_VERIFY_CERTIFICATE_SOURCE')
  })

  it('is refused with the log entry or the time stamp of another signature', async () => {
    const foreign = JSON.parse(String(await signAs(githubClaims(COMMIT)))) as ReturnType<typeof parsed>
    const material = parsed().verificationMaterial
    const stapled = (part: string) =>
      encoded({
        ...parsed(),
        verificationMaterial: { ...material, [part]: foreign.verificationMaterial[part] as JsonValue },
      })
    assert.equal(await codeOf([stapled('tlogEntries')]), 'BCN_VERIFY_LOG')
    assert.equal(await codeOf([stapled('timestampVerificationData')]), 'BCN_VERIFY_TIMESTAMP')
    assert.equal(await codeOf([stapled('certificate')]), 'BCN_VERIFY_SIGNATURE_INVALID')
  })

  it('is refused without its log entry', async () => {
    const { tlogEntries: _, ...material } = parsed().verificationMaterial
    assert.equal(await codeOf([encoded({ ...parsed(), verificationMaterial: material })]), 'BCN_VERIFY_LOG')
  })

  it('is caught in every mutation of its bundle', async () => {
    const codes = new Set<string>()
    for (const { value, pointer, change } of mutationsOf(parsed())) {
      const code = await codeOf([encoded(value)])
      // The log's own time is evidence enough; who wants the time stamp too cannot know that there was one.
      const isSpare =
        change === 'removed' && pointer.startsWith('/verificationMaterial/timestampVerificationData')
      const isEmpty = change === 'removed' && EMPTY.test(pointer)
      if (isEmpty) assert.equal(code, undefined, pointer)
      else if (!isSpare) assert.ok(code, `${pointer} ${change}`)
      codes.add(code ?? 'none')
    }
    for (const code of [
      'BCN_VERIFY_BUNDLE',
      'BCN_VERIFY_CERTIFICATE',
      'BCN_VERIFY_LOG',
      'BCN_VERIFY_SIGNATURE_INVALID',
      'BCN_VERIFY_TIMESTAMP',
    ]) {
      assert.ok(codes.has(code), code)
    }
  })

  // The mock's log has one entry: position 0, which ProtoJSON may leave out.
  const EMPTY = /^\/verificationMaterial\/tlogEntries\/0\/inclusionProof\/(logIndex|hashes)$/
})

describe('sign --keyless and verify', () => {
  let cwd: string
  before(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'keyless-'))
    await writeFile(join(cwd, 'api.bca'), bytes)
    await writeFile(join(cwd, 'root.json'), JSON.stringify(sigstore.trustedRoot))
  })
  after(() => rm(cwd, { recursive: true }))

  const services = (replaced: Record<string, string> = {}) => {
    const urls = { '--fulcio-url': sigstore.url, '--rekor-url': sigstore.url, '--tsa-url': sigstore.url }
    return Object.entries({ ...urls, ...replaced }).flat()
  }
  const github = () => ({
    GITHUB_ACTIONS: 'true',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'acme/gateway',
    GITHUB_RUN_ID: '7',
    ACTIONS_ID_TOKEN_REQUEST_URL: `${sigstore.url}/token?api=1`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
  })

  it('work from a GitHub job to an auditor without a network', async (context) => {
    const signed = await runBarbacane(['sign', 'api.bca', '--keyless', ...services()], { cwd, env: github() })
    assert.equal(signed.exit, 0, signed.stderr)
    assert.ok(sigstore.requests.includes('/token'))
    const args = [
      'verify',
      'api.bca',
      '--identity',
      identity,
      '--issuer',
      issuer,
      '--trusted-root',
      'root.json',
    ]
    const asked = sigstore.requests.length
    const wrap = (await canUnshare(cwd)) ? ['unshare', '-rn'] : []
    if (wrap.length === 0)
      context.diagnostic('no network namespace may be made here: verified with the network there')
    const verified = await runBarbacane([...args, '--json'], { cwd, wrap })
    assert.equal(verified.exit, 0, verified.stdout)
    const { ok, result } = JSON.parse(verified.stdout) as {
      ok: boolean
      result: { signer: { identity: string } }
    }
    assert.equal(ok, true)
    assert.equal(result.signer.identity, identity)
    assert.equal(sigstore.requests.length, asked, 'verify asked the services')
    const root = await runBarbacane(args.slice(0, 6), { cwd, wrap })
    assert.equal(root.exit, 4, 'the public-good root does not know this instance')
    assert.match(root.stdout, /BCN_VERIFY_TIMESTAMP/)
  })

  it('work through a registry: the image is signed, pushed, and verified by reference', async () => {
    await using registry = await startRegistry()
    const run = async (args: readonly string[], env: Record<string, string> = {}): Promise<string> => {
      const { exit, stdout, stderr } = await runBarbacane(args, { cwd, env })
      assert.equal(exit, 0, stdout + stderr)
      return stdout.trim()
    }
    await run(['sbom', 'api.bca'])
    const sbom = ['--sbom', 'api.bca.cdx.json']
    await run(['package', 'api.bca', '-o', 'image', ...sbom])
    const sign = [
      'sign',
      'api.bca',
      '--keyless',
      ...services(),
      ...sbom,
      '--image',
      'image',
      '-o',
      'image.json',
    ]
    await run(sign, github())
    const pushed = await run(['push', 'image', `${registry.address}/apis/shop:1`, '--bundle', 'image.json'])
    const accept = ['--issuer', issuer, '--trusted-root', 'root.json']
    const asked = sigstore.requests.length
    const shown = await run(['verify', pushed, '--identity', identity, ...accept, '--require-sbom'])
    assert.match(shown, /subject +is this artifact and the image sha256:/)
    for (const rule of [
      ['--identity', identity.replace('@', 'x@')],
      ['--identity-regexp', 'github\\.com/acme'],
    ]) {
      const { exit, stdout } = await runBarbacane(['verify', pushed, ...rule, ...accept], { cwd })
      assert.equal(exit, 4)
      assert.match(stdout, /BCN_VERIFY_IDENTITY/)
    }
    assert.equal(sigstore.requests.length, asked, 'verify asked the services')
  })

  it('say which lines a workflow needs when it may not have a token', async () => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: _, ...without } = github()
    const denied = await startSigstore({ tokenStatus: 403 })
    const environments = [without, { ...github(), ACTIONS_ID_TOKEN_REQUEST_URL: `${denied.url}/token` }]
    for (const env of environments) {
      const { exit, stderr } = await runBarbacane(
        ['sign', 'api.bca', '--keyless', ...services(), '-o', 'no.json'],
        { cwd, env },
      )
      assert.equal(exit, 2)
      assert.match(
        stderr,
        /BCN_ATTEST_TOKEN_PERMISSION[\s\S]+permissions:\n\s+contents: read\n\s+id-token: write/,
      )
    }
    await denied.close()
    await assert.rejects(readFile(join(cwd, 'no.json')))
  })

  it('name the service that fails, and write nothing', async () => {
    const env = { SIGSTORE_ID_TOKEN: unsignedToken(githubClaims(COMMIT)) }
    const run = (flag: string, value: string) =>
      runBarbacane(['sign', 'api.bca', '--keyless', ...services({ [flag]: value }), '-o', 'no.json'], {
        cwd,
        env,
      })
    const missing = `${sigstore.url}/nothing`
    for (const [flag, name] of [
      ['--fulcio-url', 'Fulcio'],
      ['--rekor-url', 'Rekor'],
      ['--tsa-url', 'time stamping'],
    ] as const) {
      const { exit, stderr } = await run(flag, missing)
      assert.equal(exit, 7, stderr)
      assert.match(stderr, new RegExp(`BCN_ATTEST_SERVICE[\\s\\S]+${name}[\\s\\S]+/nothing`))
      assert.ok(!stderr.includes(env.SIGSTORE_ID_TOKEN))
    }
    const file = await run('--rekor-url', 'file:///log')
    assert.match(file.stderr, /BCN_ATTEST_SERVICE_URL/)
    const bad = await runBarbacane(['sign', 'api.bca', '--keyless', ...services()], {
      cwd,
      env: { SIGSTORE_ID_TOKEN: 'secret' },
    })
    assert.match(bad.stderr, /BCN_ATTEST_NO_TOKEN/)
    assert.ok(!bad.stderr.includes('secret'))
    await assert.rejects(readFile(join(cwd, 'no.json')))
  })
})

async function canUnshare(cwd: string): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const { exit } = await runBarbacane(['--version'], { cwd, wrap: ['unshare', '-rn'] }).catch(() => ({
    exit: 1,
  }))
  return exit === 0
}
