import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'

import { schemaDialect } from '../../../src/domain/index.ts'

const compile = (schema: object) => new Ajv2020(schemaDialect).compile(schema)

describe('schemaDialect', () => {
  it('lists every fault', () => {
    const validate = compile({ required: ['a', 'b'] })
    assert.equal(validate({}), false)
    assert.equal(validate.errors?.length, 2)
  })

  it('does not take inherited members for members', () => {
    assert.equal(compile({ required: ['constructor'] })({}), false)
  })

  it('reads patterns with the u flag, and those of the older grammar without it', () => {
    assert.equal(compile({ pattern: '^\\p{L}$' })('é'), true)
    const older = compile({ pattern: '^[\\w\\-.]+$' })
    assert.deepEqual([older('a-b.c'), older('a b')], [true, false])
    assert.throws(() => compile({ pattern: '(' }), SyntaxError)
  })

  it('lets a schema refer to itself, many in one instance', () => {
    const ajv = new Ajv2020(schemaDialect)
    const listOf = (type: string) => ({ type: [type, 'array'], items: { $ref: '#' } })
    const [texts, counts] = [ajv.compile(listOf('string')), ajv.compile(listOf('integer'))]
    assert.deepEqual(
      [texts([['a']]), texts([[1]]), counts([[1]]), counts([['a']])],
      [true, false, true, false],
    )
  })

  it('ignores keywords and formats that JSON Schema does not know', () => {
    assert.equal(compile({ format: 'int128', xml: { name: 'a' }, example: 1 })('x'), true)
  })
})
