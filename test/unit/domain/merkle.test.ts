import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import {
  bindRoot,
  describeInput,
  fingerprint,
  formatLeaf,
  inputKinds,
  leafHash,
  merkleRoot,
  type Input,
} from '../../../src/domain/index.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('merkleRoot', () => {
  it('agrees with the vector that RFC 6962 implementations share', () => {
    const leaves = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ]
    const root = merkleRoot(leaves.map((leaf) => leafHash(Buffer.from(leaf, 'hex'))))
    assert.equal(hex(root), '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328')
  })

  it('of nothing is the hash of nothing', () => {
    assert.equal(hex(merkleRoot([])), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })
})

describe('fingerprint', () => {
  const vector = [
    describeInput('config', 'barbacane.yaml', Buffer.from('plugins: {}\n')),
    describeInput('plugin', 'plugins/mock.wasm', Buffer.from('0061736d01000000', 'hex')),
    describeInput('spec', 'specs/pets.yaml', Buffer.from('openapi: 3.1.0\n')),
  ]

  it('agrees with the published vector of three files', () => {
    const leaves = vector.map((input) => leafHash(formatLeaf(input)))
    assert.equal(
      formatLeaf(vector[0] as Input),
      'config 12 54ac0955862b5a964b21823cfdf1aca559d1654716511db7a52c202d1614b402 barbacane.yaml\n',
    )
    assert.deepEqual(leaves.map(hex), [
      '613422fde21ee5e959c77607707c76501023e1ee4357438e84b921532a29daca',
      'c8a5daea72bcd0c3c3de77fd054d0d7e273608003599e433d297697944fe4d12',
      'e75b542d181cb84936bbf584c3d4fbe99a1cfc9a20cce077ce968a5ad3dc40ad',
    ])
    assert.equal(hex(merkleRoot(leaves)), 'fa526924130eed4a8bf0a7e766d2ab6670f397cd70f5b2993c5a14e26cb6665d')
    assert.equal(
      fingerprint(vector),
      'sha256:9c7c21448768811c09e273157e38387b7ecd8593bbdc19998e44d2508292b940',
    )
  })

  const file = fc.record({
    kind: fc.constantFrom(...inputKinds),
    path: fc.stringMatching(/^[a-zé😀～]{1,6}(\/[a-z]{1,4}){0,2}$/u),
    bytes: fc.uint8Array({ maxLength: 20 }),
  })
  const files = fc.uniqueArray(file, { selector: ({ path }) => path, maxLength: 12, minLength: 1 })
  const describeAll = (all: readonly { kind: Input['kind']; path: string; bytes: Uint8Array }[]) =>
    all.map(({ kind, path, bytes }) => describeInput(kind, path, bytes))

  it('does not depend on the order of the inputs', () => {
    fc.assert(
      fc.property(files, fc.infiniteStream(fc.nat()), (all, random) => {
        const keyed = all.map((one) => ({ one, key: random.next().value as number }))
        const shuffled = keyed.toSorted((a, b) => a.key - b.key).map(({ one }) => one)
        assert.equal(fingerprint(describeAll(shuffled)), fingerprint(describeAll(all)))
      }),
    )
  })

  it('changes with any byte, path or kind of any input, and with any input more or less', () => {
    fc.assert(
      fc.property(files, fc.nat(), fc.nat(), (all, which, where) => {
        const index = which % all.length
        const original = fingerprint(describeAll(all))
        const chosen = all[index] as (typeof all)[number]
        const bytes = Buffer.from(chosen.bytes.byteLength === 0 ? Uint8Array.of(7) : chosen.bytes)
        bytes.writeUInt8(bytes.readUInt8(where % bytes.byteLength) ^ 1, where % bytes.byteLength)
        const kind = inputKinds[(inputKinds.indexOf(chosen.kind) + 1) % inputKinds.length] as Input['kind']
        const variants = [
          all.with(index, { ...chosen, bytes }),
          all.with(index, { ...chosen, path: `${chosen.path}x/${'y'.repeat(9)}` }),
          all.with(index, { ...chosen, kind }),
          all.toSpliced(index, 1),
        ]
        for (const variant of variants) assert.notEqual(fingerprint(describeAll(variant)), original)
      }),
    )
  })

  it('refuses two inputs of one path', () => {
    const [first] = vector
    assert.throws(() => fingerprint([...vector, first as Input]), RangeError)
  })

  it('binds the number of leaves to the root', () => {
    const root = merkleRoot(vector.map((input) => leafHash(formatLeaf(input))))
    assert.notEqual(bindRoot(3, root), bindRoot(4, root))
  })
})
