import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { generateKey, loadPolicy, resolvePolicy, verifyTarget } from '../../../src/attest/index.ts'
import { parsePolicy } from '../../../src/attest/policy/parse-policy.ts'
import { anchoredPattern } from '../../../src/attest/policy/policy.ts'
import { matchIdentity } from '../../../src/attest/verify/match-identity.ts'
import { expectProblem, expectRejection } from '../../support/expect-problem.ts'
import { signedSample } from '../../support/signed-sample.ts'

const ISSUER = 'https://token.actions.githubusercontent.com'

describe('a policy file', () => {
  it('names keys, identities and what is required', () => {
    const policy = parsePolicy(
      'p.yaml',
      `version: 1
keys: [keys/release.pub]
identities:
  - issuer: ${ISSUER}
    identity: https://github.com/acme/gw/.github/workflows/r.yml@refs/heads/main
  - issuer: ${ISSUER}
    identity_regexp: https://github\\.com/acme/[a-z]+
require_sbom: true
`,
    )
    assert.deepEqual(policy.keyPaths, ['keys/release.pub'])
    assert.equal(policy.requireSbom, true)
    assert.equal(policy.requireGit, false)
    assert.equal(policy.identities.length, 2)
  })

  it('is refused when anything in it is not understood', () => {
    const bad = [
      '',
      'version: 1',
      'version: 2\nkeys: [a]',
      'version: 1\nkeys: a',
      'version: 1\nkeys: [a]\nkey: b',
      'version: 1\nkeys: [a]\nkeys: [b]',
      'version: 1\nkeys: [a]\nrequire_sbom: yes',
      'version: 1\nkeys: &a [x, *a]',
      `version: 1\nidentities: [{issuer: ${ISSUER}}]`,
      `version: 1\nidentities: [{identity: me}]`,
      `version: 1\nidentities: [{issuer: "", identity: me}]`,
      `version: 1\nidentities: [{issuer: ${ISSUER}, identity: a, identity_regexp: b}]`,
      `version: 1\nidentities: [{issuer: ${ISSUER}, identity_regexp: "("}]`,
      `version: 1\nidentities: [{issuer: ${ISSUER}, identity_regexp: "a)|(b"}]`,
      'version: [',
    ]
    for (const source of bad) expectProblem('BCN_VERIFY_POLICY', () => parsePolicy('p.yaml', source))
  })
})

describe('an identity', () => {
  const certified = {
    subjectAlternativeName: 'https://github.com/acme/gw/.github/workflows/r.yml@refs/heads/main',
    extensions: { issuer: ISSUER },
  }
  const accepts = (identity: string | RegExp, issuer = ISSUER) => {
    const policy = { keys: [], identities: [{ identity, issuer }], requireSbom: false, requireGit: false }
    try {
      matchIdentity(certified, policy)
      return true
    } catch (error) {
      assert.match(String(error), /BCN_VERIFY_IDENTITY/)
      return false
    }
  }

  it('matches wholly or not at all', () => {
    assert.ok(accepts(certified.subjectAlternativeName))
    assert.ok(accepts(anchoredPattern('https://github\\.com/acme/.*@refs/heads/main')))
    for (const part of [
      'github.com/acme',
      '.',
      'https://github.com/acme/gw',
      `${certified.subjectAlternativeName}x`,
    ]) {
      assert.ok(!accepts(part), part)
    }
    for (const part of ['github\\.com/acme', 'https://github\\.com/acme', 'main', 'x|main', 'https.*|x']) {
      assert.equal(accepts(anchoredPattern(part)), part === 'https.*|x', part)
    }
    assert.throws(() => anchoredPattern('a)|(b'), SyntaxError)
  })

  it('needs the right issuer, and a certificate that names both', () => {
    assert.ok(!accepts(certified.subjectAlternativeName, `${ISSUER}.evil.example`))
    assert.ok(!accepts(certified.subjectAlternativeName, 'https://token'))
    const policy = {
      keys: [],
      identities: [{ identity: '', issuer: '' }],
      requireSbom: false,
      requireGit: false,
    }
    expectProblem('BCN_VERIFY_IDENTITY', () => matchIdentity(undefined, policy))
    expectProblem('BCN_VERIFY_IDENTITY', () => matchIdentity({ extensions: { issuer: '' } }, policy))
  })
})

describe('resolvePolicy', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'policy-'))
    await mkdir(join(folder, 'keys'))
    await writeFile(join(folder, 'keys/release.pub'), generateKey('p256').publicPem)
    await writeFile(join(folder, 'root.json'), '{}')
    await writeFile(
      join(folder, 'policy.yaml'),
      'version: 1\nkeys: [keys/release.pub]\ntrusted_root: root.json\nrequire_sbom: true\n',
    )
  })
  after(() => rm(folder, { recursive: true }))

  it('reads what a file names relative to the file', async () => {
    const policy = await loadPolicy(join(folder, 'policy.yaml'))
    assert.equal(policy.keys[0]?.name, 'keys/release.pub')
    assert.deepEqual(policy.trustedRoot?.json, {})
  })

  it('lets flags stand instead of the signers of the file, and keeps what the file requires', async () => {
    const policy = await resolvePolicy(
      { identity: 'me', issuer: 'them' },
      { cwd: folder, policyPath: join(folder, 'policy.yaml') },
    )
    assert.deepEqual(policy.keys, [])
    assert.deepEqual(policy.identities, [{ identity: 'me', issuer: 'them' }])
    assert.equal(policy.requireSbom, true)
    const byKey = await resolvePolicy({ keyPath: 'keys/release.pub', requireGit: true }, { cwd: folder })
    assert.equal(byKey.keys.length, 1)
    assert.equal(byKey.requireGit, true)
    const pattern = await resolvePolicy({ identityPattern: 'm.', issuer: 'them' }, { cwd: folder })
    assert.deepEqual(pattern.identities, [{ identity: /^(?:m.)$/u, issuer: 'them' }])
  })

  it('never accepts anybody when nothing says whom', async () => {
    await expectRejection('BCN_VERIFY_NO_POLICY', () => resolvePolicy({}, { cwd: folder }))
    for (const flags of [
      { identity: 'me' },
      { issuer: 'them' },
      { issuer: '', identity: 'me' },
      { issuer: 'them', identity: '' },
      { issuer: 'them', identity: 'a', identityPattern: 'b' },
      { issuer: 'them', identityPattern: '(' },
    ]) {
      await expectRejection('BCN_VERIFY_IDENTITY_FLAGS', () => resolvePolicy(flags, { cwd: folder }))
    }
  })

  it('refuses files that cannot be read or used', async () => {
    await expectRejection('BCN_VERIFY_UNREADABLE', () => loadPolicy(join(folder, 'absent.yaml')))
    const huge = join(folder, 'huge.yaml')
    await writeFile(huge, '')
    await truncate(huge, 17 * 1024 * 1024)
    await expectRejection('BCN_VERIFY_UNREADABLE', () => loadPolicy(huge))
    await writeFile(join(folder, 'broken.json'), '{')
    await expectRejection('BCN_VERIFY_TRUSTED_ROOT', () =>
      resolvePolicy(
        { trustedRootPath: 'broken.json' },
        { cwd: folder, policyPath: join(folder, 'policy.yaml') },
      ),
    )
  })

  it('hands an unusable trusted root on as a usage error, not as a verdict', async () => {
    const { target, bundle, policy } = await signedSample()
    const evidence = JSON.parse(String(bundle))
    evidence.verificationMaterial.timestampVerificationData = {
      rfc3161Timestamps: [{ signedTimestamp: 'AAAA' }],
    }
    const bundles = [Buffer.from(JSON.stringify(evidence))]
    const trustedRoot = { path: 'root.json', json: {} }
    await expectRejection('BCN_VERIFY_TRUSTED_ROOT', () =>
      verifyTarget({ ...target, bundles }, { ...policy, trustedRoot }),
    )
    const report = await verifyTarget({ ...target, bundles }, policy)
    assert.equal(report.problem?.code, 'BCN_VERIFY_BUNDLE')
  })
})
