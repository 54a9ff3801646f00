import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { decodeArtifact, encodeArtifact, loadPlan } from '../../../src/artifact/index.ts'
import { checksumText } from '../../../src/artifact/split-archive.ts'
import { encodeHeader } from '../../../src/artifact/tar-header.ts'
import { digestOf, isProblemError, type CompiledPlan } from '../../../src/domain/index.ts'
import { expectProblem } from '../../support/expect-problem.ts'
import { sampleArtifact, sampleInputs } from '../../support/sample-artifact.ts'

const MANIFEST_END = (bytes: Buffer) => 512 + Number.parseInt(bytes.toString('latin1', 124, 135), 8)

describe('decodeArtifact', () => {
  it('reads back what was encoded', () => {
    const bytes = sampleArtifact()
    const artifact = decodeArtifact(bytes)
    assert.equal(artifact.digest, digestOf(bytes))
    assert.equal(artifact.sizeBytes, bytes.byteLength)
    assert.equal(artifact.manifest.inputs.length, 4)
    assert.equal(String(artifact.entries.get('specs/specs/pets.yaml')), 'openapi: 3.1.0\n')
    assert.deepEqual(loadPlan(artifact).routes, [])
  })

  it('refuses a file in which any one bit is flipped', () => {
    const intact = sampleArtifact()
    for (let offset = 0; offset < intact.byteLength; offset++) {
      const damaged = Buffer.from(intact)
      damaged.writeUInt8(damaged.readUInt8(offset) ^ (1 << (offset % 8)), offset)
      assert.equal(exitOf(damaged), 4, `byte ${offset}`)
    }
  })

  it('refuses any other value of any byte', () => {
    const intact = sampleArtifact()
    const anywhere = fc.nat(intact.byteLength - 1)
    fc.assert(
      fc.property(anywhere, fc.integer({ min: 1, max: 255 }), (offset, change) => {
        const damaged = Buffer.from(intact)
        damaged.writeUInt8((damaged.readUInt8(offset) + change) % 256, offset)
        return exitOf(damaged) === 4
      }),
      { numRuns: 2000 },
    )
  })

  it('refuses a file cut at any place or with anything behind it', () => {
    const intact = sampleArtifact()
    for (let end = 0; end < intact.byteLength; end += 97)
      assert.equal(exitOf(intact.subarray(0, end)), 4, `${end}`)
    for (const behind of [Buffer.alloc(1), Buffer.alloc(512), Buffer.from('x')]) {
      assert.equal(exitOf(Buffer.concat([intact, behind])), 4)
    }
  })

  it('never does anything but throw a problem on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => exitOf(Buffer.from(bytes)) === 4),
      { numRuns: 500 },
    )
  })
})

describe('decodeArtifact on archives with a correct checksum', () => {
  it('refuses an entry that differs from the manifest', () => {
    const changed = replaceInside(sampleArtifact(), 'openapi: 3.1.0\n', 'openapi: 3.9.0\n')
    expectProblem('BCN_ARTIFACT_ENTRY_MISMATCH', () => decodeArtifact(changed))
  })

  it('takes no digest on trust where an entry differs from what it was written from', () => {
    const intact = sampleArtifact()
    const { entries: written, digest } = decodeArtifact(intact)
    assert.equal(decodeArtifact(intact, {}, written).digest, digest)
    const changed = replaceInside(intact, 'openapi: 3.1.0\n', 'openapi: 3.9.0\n')
    expectProblem('BCN_ARTIFACT_ENTRY_MISMATCH', () => decodeArtifact(changed, {}, written))
  })

  it('refuses an input whose claim differs from its bytes', () => {
    const changed = replaceInside(sampleArtifact(), '"size":15', '"size":16')
    expectProblem('BCN_ARTIFACT_INPUT_MISMATCH', () => decodeArtifact(changed))
  })

  it('refuses inputs that give another fingerprint', () => {
    const other = { artifact_hash: digestOf('other') }
    expectProblem('BCN_ARTIFACT_HASH_MISMATCH', () => decodeArtifact(sampleArtifact({ manifest: other })))
  })

  it('refuses a manifest that names a specification which is no input', () => {
    const specs = [
      { path: 'x', type: 'openapi' as const, version: '3.1.0', title: '', sha256: '0'.repeat(64) },
    ]
    const bytes = sampleArtifact({ manifest: { source_specs: specs } })
    expectProblem('BCN_ARTIFACT_MANIFEST', () => decodeArtifact(bytes))
  })

  it('refuses members it does not know, and JSON in another form', () => {
    const extra = { surprise: true } as object
    expectProblem('BCN_ARTIFACT_MANIFEST', () => decodeArtifact(sampleArtifact({ manifest: extra })))
    const spaced = replaceInside(sampleArtifact(), '"dirty":false', '"dirty": null')
    expectProblem('BCN_ARTIFACT_MANIFEST', () => decodeArtifact(spaced))
  })

  it('refuses a newer format version with its number', () => {
    const newer = replaceInside(
      sampleArtifact(),
      '"barbacane_artifact_version":1',
      '"barbacane_artifact_version":7',
    )
    const problem = expectProblem('BCN_ARTIFACT_VERSION', () => decodeArtifact(newer))
    assert.match(problem.message, /version 7/)
    assert.equal(problem.exit, 2)
  })

  it('refuses an entry that no input accounts for', () => {
    const { manifest, entries } = decodeArtifact(sampleArtifact())
    const stray = encodeArtifact({
      manifest,
      entries: new Map([...entries, ['specs/stray', Buffer.from('x')]]),
    })
    expectProblem('BCN_ARTIFACT_ENTRY_MISMATCH', () => decodeArtifact(stray))
  })

  it('refuses input paths that climb, and inputs out of order', () => {
    const climbing = [...sampleInputs, { kind: 'spec' as const, path: '../x', text: '' }]
    expectProblem('BCN_ARTIFACT_INPUT_MISMATCH', () => decodeArtifact(sampleArtifact({ inputs: climbing })))
    const { inputs } = decodeArtifact(sampleArtifact()).manifest
    const reversed = sampleArtifact({ manifest: { inputs: inputs.toReversed() } })
    expectProblem('BCN_ARTIFACT_INPUT_MISMATCH', () => decodeArtifact(reversed))
  })

  it('keeps the limits it is given', () => {
    const bytes = sampleArtifact()
    for (const limits of [{ maxSizeBytes: 100 }, { maxEntries: 2 }, { maxManifestBytes: 10 }]) {
      expectProblem('BCN_ARTIFACT_TOO_LARGE', () => decodeArtifact(bytes, limits))
    }
    expectProblem('BCN_ARTIFACT_MALFORMED', () => decodeArtifact(bytes, { maxPathBytes: 4 }))
  })

  it('refuses links, folders and other kinds of entries', () => {
    for (const kind of ['1', '2', '5', 'x']) {
      const bytes = sampleArtifact()
      bytes.write(kind, MANIFEST_END(bytes) + padding(bytes) + 156, 'latin1')
      expectProblem('BCN_ARTIFACT_MALFORMED', () => decodeArtifact(bytes))
    }
  })
})

describe('loadPlan', () => {
  it('refuses another plan version, a stray schema index and a wrong count', () => {
    const plans: Partial<CompiledPlan>[] = [{ plan_version: 9 }, { schemas: [3 as never] }]
    for (const plan of plans) {
      expectProblem('BCN_ARTIFACT_PLAN', () => loadPlan(decodeArtifact(sampleArtifact({ plan }))))
    }
    const miscounted = decodeArtifact(sampleArtifact({ manifest: { routes_count: 3 } }))
    expectProblem('BCN_ARTIFACT_PLAN', () => loadPlan(miscounted))
  })
})

describe('encodeArtifact', () => {
  it('gives the same bytes whatever the order of the entries', () => {
    const { manifest, entries } = decodeArtifact(sampleArtifact())
    const reversed = encodeArtifact({ manifest, entries: new Map([...entries].toReversed()) })
    assert.deepEqual(reversed, sampleArtifact())
  })

  it('splits long paths where ustar allows and refuses longer ones', () => {
    const path = `${'a'.repeat(120)}/${'b'.repeat(90)}`
    assert.equal(
      encodeHeader({ path, sizeBytes: 0, mtimeSeconds: 0 }).toString('latin1', 345, 465),
      'a'.repeat(120),
    )
    assert.throws(() => encodeHeader({ path: 'c'.repeat(101), sizeBytes: 0, mtimeSeconds: 0 }), RangeError)
  })
})

function exitOf(bytes: Buffer): number {
  try {
    decodeArtifact(bytes)
    return 0
  } catch (error) {
    if (isProblemError(error)) return error.problem.exit
    throw error
  }
}

function padding(bytes: Buffer): number {
  return -MANIFEST_END(bytes) & 511
}

/** Replaces text of the same length and seals the archive again, as a forger without the inputs would. */
function replaceInside(archive: Buffer, from: string, to: string): Buffer {
  const bytes = Buffer.from(archive)
  const at = bytes.indexOf(from)
  assert.ok(at > 0 && from.length === to.length)
  bytes.write(to, at, 'latin1')
  const end = bytes.byteLength - 4 * 512
  bytes.write(checksumText(bytes.subarray(0, end)), end + 512, 'latin1')
  return bytes
}
