import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { lintProject } from '../../../../src/compiler/lint/index.ts'
import { formatLocation } from '../../../../src/domain/index.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

async function check(mapping: string): Promise<readonly string[]> {
  const pet = (name: string) => `${name}: { discriminator: { propertyName: kind, mapping: ${mapping} } }\n`
  await using folder = await temporaryFolder({
    'api.yaml': `openapi: 3.1.0
info: { title: t, version: '1' }
paths: {}
components:
  schemas:
    Cat: {}
    Other: { $ref: 'types.yaml#/Pet' }
    ${pet('Pet')}`,
    'types.yaml': pet('Pet'),
  })
  const { findings } = await lintProject(['api.yaml'], {
    root: folder.path,
    plugins: undefined,
    allowPlaintext: false,
  })
  return findings
    .filter(({ rule }) => rule === 'discriminator-mapping')
    .map(({ at, message, hint }) => `${formatLocation(at)} ${message}. ${hint}`)
}

describe('discriminator-mapping', () => {
  it('accepts names, references, and what it cannot know', async () => {
    assert.deepEqual(
      await check("{ a: Cat, c: 'other.yaml', d: 'https://a.example/x', e: 1, f: types.yaml#/Pet }"),
      [],
    )
  })

  it('finds names of components, and references within the file', async () => {
    assert.deepEqual(await check('{ a: Catt }'), [
      'api.yaml:8:63 The mapping of "a" leads to no schema. Did you mean `Cat`?',
    ])
    assert.deepEqual(await check("{ a/b: '#/components/schemas/Nobody' }"), [
      'api.yaml:8:65 The mapping of "a/b" leads to no schema. Name a schema of `components`, or refer to one.',
      'types.yaml:1:61 The mapping of "a/b" leads to no schema. Name a schema of `components`, or refer to one.',
    ])
    assert.deepEqual(await check('[Nobody]'), [])
    assert.deepEqual(await check('{}, defaultMapping: Dog'), [
      'api.yaml:8:78 The default mapping leads to no schema. Name a schema of `components`, or refer to one.',
    ])
    assert.deepEqual(await check('{}, defaultMapping: Cat'), [])
  })
})
