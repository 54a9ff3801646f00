import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { closestName } from '../../../src/domain/index.ts'

describe('closestName', () => {
  const names = ['operationId', 'parameters', 'responses', 'tags']

  it('finds a name with a slip of the fingers', () => {
    assert.equal(closestName('operationID', names), 'operationId')
    assert.equal(closestName('paramters', names), 'parameters')
    assert.equal(closestName('resposnes', names), 'responses')
    assert.equal(closestName('tag', names), 'tags')
  })

  it('is silent where nothing is near', () => {
    assert.equal(closestName('security', names), undefined)
    assert.equal(closestName('x', names), undefined)
    assert.equal(closestName('anything', []), undefined)
  })

  it('counts a swap of neighbours as one edit', () => {
    assert.equal(closestName('tgas', names), 'tags')
  })
})
