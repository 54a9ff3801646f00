import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { parse } from 'yaml'

import { parseRelease, printRelease, type Release } from '../../../src/config/index.ts'
import { formatLocation, isProblemError } from '../../../src/domain/index.ts'
import { expectProblem } from '../../support/expect-problem.ts'
import { repositoryRoot } from '../../support/source-tree.ts'

const HASH = `sha256:${'a'.repeat(64)}` as const
const DIGEST = `sha256:${'b'.repeat(64)}` as const
const MINIMAL = `version: 1\nartifact_hash: ${HASH}\nartifact_digest: ${DIGEST}\n`
const release: Release = {
  artifactHash: HASH,
  artifactDigest: DIGEST,
  image: `registry.example/shop@sha256:${'c'.repeat(64)}`,
  commit: 'd'.repeat(40),
  identity: 'the key release.pub (abc=)',
  releasedBy: 'A. Author <author@example.com>',
  releasedAt: '2026-01-02T03:04:05Z',
  reason: 'a fix: faster',
}

describe('parseRelease', () => {
  it('reads what printRelease writes, which is the same text for the same release', () => {
    const text = printRelease(release)
    assert.deepEqual(parseRelease('release.yaml', text), release)
    assert.equal(printRelease(parseRelease('release.yaml', text)), text)
  })

  it('keeps any line of text', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => {
      return text.trim() !== '' && !/[\p{Cc}\u2028\u2029]/u.test(text)
    })
    fc.assert(
      fc.property(fc.option(line), fc.option(line), (reason, identity) => {
        const given = { ...release, reason, identity }
        assert.deepEqual(parseRelease('release.yaml', printRelease(given)), given)
      }),
    )
  })

  it('needs the two digests only', () => {
    const { artifactHash, artifactDigest, ...rest } = parseRelease('release.yaml', MINIMAL)
    assert.deepEqual([artifactHash, artifactDigest], [HASH, DIGEST])
    assert.ok(Object.values(rest).every((value) => value === null))
  })

  it('lists every fault', () => {
    const text =
      'version: 1\nartifact_hash: abc\nimage: registry.example/shop:latest\nreleased_at: 2026-02-30T00:00:00Z\n'
    const { findings = [], exit } = expectProblem('BCN_RELEASE_INVALID', () =>
      parseRelease('release.yaml', text),
    )
    assert.equal(exit, 2)
    assert.deepEqual(
      findings.map(({ at, message }) => `${formatLocation(at)} ${message}`),
      [
        'release.yaml:1:1 The key `artifact_digest` is missing',
        'release.yaml:2:16 `artifact_hash` is the string "abc", not a sha256 digest',
        'release.yaml:3:8 `image` is the string "registry.example/shop:latest", not an image pinned by digest',
        'release.yaml:4:14 `released_at` is the string "2026-02-30T00:00:00Z", not a time in UTC with whole seconds',
      ],
    )
  })
})

describe('the published schema of release.yaml', async () => {
  const schema = JSON.parse(await readFile(join(repositoryRoot, 'schemas/release.schema.json'), 'utf8'))
  const validate = new Ajv2020({ strict: false }).compile(schema)

  it('accepts what is accepted and refuses what is refused', () => {
    const texts = [
      printRelease(release),
      MINIMAL,
      '',
      '[]',
      'version: 1',
      MINIMAL.replace('1', '2'),
      ...[
        'image: null',
        'image: registry.example/shop@sha256:abc',
        'commit: main',
        `commit: ${'a'.repeat(64)}`,
        'identity: ""',
        'identity: "a\\nb"',
        'released_by: 1',
        'released_at: today',
        'reason: " "',
        'reason: x',
        'reasons: x',
      ].map((line) => `${MINIMAL}${line}\n`),
    ]
    for (const text of texts) assert.equal(validate(parse(text)), isAccepted(text), text)
  })
})

function isAccepted(text: string): boolean {
  try {
    parseRelease('release.yaml', text)
    return true
  } catch (error) {
    if (!isProblemError(error)) throw error
    return false
  }
}
