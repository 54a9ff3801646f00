import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { compareSecurity } from '../../../src/diff/compare-security.ts'
import type { SecurityAlternatives } from '../../../src/domain/index.ts'

type Written = readonly Readonly<Record<string, readonly string[]>>[]

const read = (written: Written): SecurityAlternatives => written.map((one) => new Map(Object.entries(one)))

function compare(before: Written, after: Written): readonly string[] {
  const found: string[] = []
  compareSecurity(read(before), read(after), (id, pointer, values) => {
    assert.equal(pointer, '/security')
    assert.deepEqual(values, { before, after })
    found.push(id.replace('security-', ''))
  })
  return found
}

const bearer = { 'http bearer': [] }
const key = { 'apiKey header X-Key': [] }
const reads = { oauth2: ['read'] }
const writes = { oauth2: ['read', 'write'] }

describe('compareSecurity', () => {
  it('tells open from closed first', () => {
    assert.deepEqual(compare([{}], [bearer]), ['added'])
    assert.deepEqual(compare([bearer, {}], [bearer, key]), ['added'])
    assert.deepEqual(compare([bearer], [{}]), ['removed'])
    assert.deepEqual(compare([{}], [{}, bearer]), [])
  })

  it('asks who was let in and is no more, and who is now', () => {
    assert.deepEqual(compare([bearer], [key]), ['raised', 'lowered'])
    assert.deepEqual(compare([bearer], [bearer, key]), ['lowered'])
    assert.deepEqual(compare([bearer, key], [bearer]), ['raised'])
    assert.deepEqual(compare([bearer], [{ ...bearer, ...key }]), ['raised'])
    assert.deepEqual(compare([{ ...bearer, ...key }], [key]), ['lowered'])
    assert.deepEqual(compare([reads], [writes]), ['raised'])
    assert.deepEqual(compare([writes], [reads]), ['lowered'])
    assert.deepEqual(compare([bearer, key], [key, bearer]), [])
    assert.deepEqual(compare([bearer], [bearer, { ...bearer, ...key }]), [])
  })

  it('is about who is let in, whatever is presented', () => {
    const scopes = fc.subarray(['read', 'write'])
    const alternative = fc.dictionary(fc.constantFrom('a', 'b', 'c'), scopes, {
      maxKeys: 3,
      noNullPrototype: true,
    })
    const alternatives = fc.array(alternative, { minLength: 1, maxLength: 3 })
    const admits = (all: Written, presented: Written[number]): boolean =>
      all.some((one) =>
        Object.entries(one).every(
          ([scheme, needed]) =>
            needed.every((scope) => presented[scheme]?.includes(scope)) && scheme in presented,
        ),
      )
    fc.assert(
      fc.property(
        alternatives,
        alternatives,
        fc.array(alternative, { maxLength: 8 }),
        (before, after, presented) => {
          const found = compare(before, after)
          for (const one of [...before, ...after, ...presented]) {
            const [was, is] = [admits(before, one), admits(after, one)]
            if (was && !is) assert.ok(found.includes('raised') || found.includes('added'))
            if (is && !was) assert.ok(found.includes('lowered') || found.includes('removed'))
          }
        },
      ),
    )
  })
})
