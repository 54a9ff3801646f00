import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'

import { generateBuiltinValidators, generateValidator, versions } from '../../scripts/generate-validators.ts'

const folder = new URL('../../src/compiler/structure/generated/', import.meta.url)

describe('the generated structure validators', () => {
  for (const version of versions) {
    it(`are what npm run generate writes for OpenAPI ${version}`, async () => {
      const committed = await readFile(new URL(`openapi-${version}.js`, folder), 'utf8')
      assert.ok(
        committed === (await generateValidator(version)),
        'run `npm run generate` and commit the result',
      )
    })
  }

  it('are what npm run generate writes for the built-ins', async () => {
    const committed = await readFile(new URL('builtin-configs.js', folder), 'utf8')
    assert.ok(
      committed === (await generateBuiltinValidators()),
      'run `npm run generate` and commit the result',
    )
  })

  it('need nothing beside themselves', async () => {
    for (const version of versions) {
      const text = await readFile(new URL(`openapi-${version}.js`, folder))
      // A module of a data URL can neither import relative files and packages nor require.
      const { default: validate } = await import(`data:text/javascript;base64,${text.toString('base64')}`)
      const info = {
        title: 't',
        version: '1',
        contact: { email: 'a@example.com', url: 'https://example.com' },
      }
      assert.equal(validate({ openapi: `${version}.0`, info, paths: {} }), true)
      assert.equal(validate({ openapi: `${version}.0`, info }), false)
    }
  })
})
