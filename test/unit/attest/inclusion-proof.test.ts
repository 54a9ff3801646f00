import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { decodeArtifact } from '../../../src/artifact/index.ts'
import { parseProof, proveInput, verifyProof } from '../../../src/attest/index.ts'
import { inclusionProof, rootOfProof } from '../../../src/attest/proof/inclusion-proof.ts'
import { leafHash, merkleRoot, type JsonValue } from '../../../src/domain/index.ts'
import { expectProblem } from '../../support/expect-problem.ts'
import { mutationsOf } from '../../support/mutate-json.ts'
import { sampleArtifact } from '../../support/sample-artifact.ts'

const leavesOf = (count: number) => Array.from({ length: count }, (_, index) => leafHash(`leaf ${index}`))

describe('inclusionProof', () => {
  it('leads every leaf of every tree up to 64 leaves to the root, and from no other place', () => {
    for (let leafCount = 1; leafCount <= 64; leafCount++) {
      const leaves = leavesOf(leafCount)
      const root = Buffer.from(merkleRoot(leaves))
      for (const [index, leaf] of leaves.entries()) {
        const proof = inclusionProof(leaves, index)
        assert.ok(proof.length <= Math.ceil(Math.log2(leafCount)) + 1)
        assert.ok(root.equals(rootOfProof(leaf, { index, leafCount }, proof) as Uint8Array))
        for (const other of [index - 1, index + 1, leafCount]) {
          const found = rootOfProof(leaf, { index: other, leafCount }, proof)
          assert.ok(found === undefined || !root.equals(found), `${index} of ${leafCount} as ${other}`)
        }
      }
    }
  })

  it('fails with any hash altered, left out, doubled or swapped', () => {
    for (const leafCount of [2, 3, 5, 8, 13, 64]) {
      const leaves = leavesOf(leafCount)
      const root = Buffer.from(merkleRoot(leaves))
      for (const [index, leaf] of leaves.entries()) {
        const proof = inclusionProof(leaves, index)
        const holds = (changed: readonly Uint8Array[]) => {
          const found = rootOfProof(leaf, { index, leafCount }, changed)
          return found !== undefined && root.equals(found)
        }
        for (const at of proof.keys()) {
          assert.ok(!holds(proof.with(at, leafHash('other'))))
          assert.ok(!holds(proof.toSpliced(at, 1)))
          assert.ok(!holds(proof.toSpliced(at, 0, proof[at] as Uint8Array)))
        }
        if (proof.length > 1) assert.ok(!holds(proof.toReversed()))
      }
    }
  })

  it('has none for a leaf that is not there', () => {
    assert.throws(() => inclusionProof(leavesOf(3), 3), RangeError)
    assert.throws(() => inclusionProof(leavesOf(3), -1), RangeError)
    assert.equal(rootOfProof(leafHash('x'), { index: 0.5, leafCount: 2 }, []), undefined)
    assert.equal(rootOfProof(leafHash('x'), { index: 0, leafCount: 0 }, []), undefined)
  })
})

describe('a proof file', () => {
  const artifact = decodeArtifact(sampleArtifact())
  const proof = proveInput(artifact, 'specs/pets.yaml')

  it('proves every input of an artifact', () => {
    for (const input of artifact.manifest.inputs) {
      const read = parseProof('p.json', JSON.stringify(proveInput(artifact, input.path)))
      const proven = verifyProof(read, { artifactHash: artifact.manifest.artifact_hash })
      assert.deepEqual(proven, {
        artifact_hash: artifact.manifest.artifact_hash,
        kind: input.kind,
        size: input.size,
        sha256: input.sha256,
        path: input.path,
      })
    }
  })

  it('is refused in every mutation', () => {
    for (const { value, pointer, change } of mutationsOf(proof as unknown as JsonValue)) {
      assert.throws(
        () => verifyProof(parseProof('p.json', JSON.stringify(value))),
        /BCN_PROOF_(MALFORMED|INVALID)/,
        `${pointer} ${change}`,
      )
    }
    expectProblem('BCN_PROOF_MALFORMED', () => parseProof('p.json', 'no'))
    const long = { ...proof, proof: Array.from({ length: 65 }, () => '0'.repeat(64)) }
    expectProblem('BCN_PROOF_MALFORMED', () => parseProof('p.json', JSON.stringify(long)))
    expectProblem('BCN_PROOF_INVALID', () => verifyProof({ ...proof, n: 5 }))
  })

  it('of another fingerprint or about another file is refused', () => {
    const artifactHash = `sha256:${'0'.repeat(64)}`
    expectProblem('BCN_PROOF_OTHER_HASH', () => verifyProof(proof, { artifactHash }))
    const input = (text: string) => ({ path: 'pets.yaml', bytes: Buffer.from(text) })
    assert.equal(verifyProof(proof, { input: input('openapi: 3.1.0\n') }).path, 'specs/pets.yaml')
    expectProblem('BCN_PROOF_OTHER_INPUT', () => verifyProof(proof, { input: input('openapi: 3.1.1\n') }))
    expectProblem('BCN_PROOF_OTHER_INPUT', () => verifyProof(proof, { input: input('openapi') }))
  })

  it('cannot be made for what is no input', () => {
    const problem = expectProblem('BCN_PROOF_NO_INPUT', () => proveInput(artifact, 'specs/pet.yaml'))
    assert.match(problem.hint, /specs\/pets\.yaml/)
    assert.match(expectProblem('BCN_PROOF_NO_INPUT', () => proveInput(artifact, 'x')).hint, /project root/)
  })
})
