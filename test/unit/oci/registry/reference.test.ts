import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { formatReference, isTag, parseReference } from '../../../../src/oci/index.ts'
import { apiHost } from '../../../../src/oci/registry/reference.ts'
import { expectProblem } from '../../../support/expect-problem.ts'

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}` as const

describe('references', () => {
  it('are read as Docker reads them', () => {
    const cases: [string, string][] = [
      ['pets', 'docker.io/library/pets'],
      ['acme/pets:1', 'docker.io/acme/pets:1'],
      ['index.docker.io/pets', 'docker.io/library/pets'],
      ['docker.io/acme/pets', 'docker.io/acme/pets'],
      ['localhost/pets', 'localhost/pets'],
      ['localhost:5000/pets:1.4', 'localhost:5000/pets:1.4'],
      ['registry.example/a/b__c/d-e.f:V_1', 'registry.example/a/b__c/d-e.f:V_1'],
      ['[::1]:5000/pets', '[::1]:5000/pets'],
      [`oci://r.example/pets@${DIGEST}`, `r.example/pets@${DIGEST}`],
      [`docker://r.example:1/pets:2@${DIGEST}`, `r.example:1/pets:2@${DIGEST}`],
    ]
    for (const [text, expected] of cases) assert.equal(formatReference(parseReference(text)), expected)
    assert.equal(apiHost('docker.io'), 'registry-1.docker.io')
    assert.equal(apiHost('ghcr.io'), 'ghcr.io')
  })

  it('are refused where a part is not valid', () => {
    for (const text of [
      '',
      '/',
      'r.example/',
      'r.example/Pets',
      'r.example/a//b',
      'r.example/a/../b',
      'r.example/pets:',
      `r.example/pets:${'t'.repeat(129)}`,
      'r.example/pets@sha256:00',
      `r.example/pets@${DIGEST.toUpperCase()}`,
      `r.example/pets@sha512:${'0'.repeat(128)}`,
      `r.example/pets@${DIGEST}@${DIGEST}`,
      'https://r.example/pets',
      'user@r.example/pets',
      'r.example:99999999/pets',
      '-r.example/pets',
      'r.example/pets?x=1',
      'r.example/pets#x',
      `r.example/${'a'.repeat(256)}`,
      'r.example/pets\n',
    ]) {
      expectProblem('BCN_OCI_REFERENCE', () => parseReference(text))
    }
    assert.deepEqual(['1.4', '-x', '', 'a:b'].map(isTag), [true, false, false, false])
  })

  it('written in full are read as themselves', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}([._-][a-z0-9]{1,4})?$/)
    fc.assert(
      fc.property(part, fc.array(part, { minLength: 1, maxLength: 3 }), (host, parts) => {
        const text = `${host}.example:5000/${parts.join('/')}:tag@${DIGEST}`
          .replace('_', '-')
          .replace('..', '.')
        assert.equal(formatReference(parseReference(text)), text)
      }),
    )
  })
})
