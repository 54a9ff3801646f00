import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

import { projectSchema } from '../../scripts/generate-project-schema.ts'
import { builtins } from '../../src/domain/index.ts'

const text = readFileSync(new URL('../../schemas/barbacane.schema.json', import.meta.url), 'utf8')

describe('schemas/barbacane.schema.json', () => {
  it('keeps the names of the built-ins from plugins (npm run generate)', () => {
    assert.equal(text, projectSchema(text))
    const { properties } = JSON.parse(text) as {
      readonly properties: {
        readonly plugins: { readonly propertyNames: { readonly not: { readonly enum: unknown } } }
      }
    }
    assert.deepEqual(properties.plugins.propertyNames.not.enum, [...builtins.keys()])
  })
})
