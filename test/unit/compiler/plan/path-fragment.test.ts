import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { planRoutes } from '../../../../src/compiler/plan/index.ts'
import { documentSet } from '../../../support/documents.ts'

describe('a path with a fragment', () => {
  it('is not served, not by `%23` either', () => {
    const operation = { 'x-barbacane-dispatch': { name: 'mock' } }
    const paths = { '/tables': { get: operation }, '/tables#bill': { get: operation } }
    const text = JSON.stringify({ openapi: '3.1.2', info: { title: 't', version: '1' }, paths })
    const planned = planRoutes(documentSet({ 'api.json': text }))
    assert.deepEqual(planned.findings, [])
    const plan = JSON.parse(planned.text) as { readonly routes: readonly { readonly path: string }[] }
    assert.deepEqual(
      plan.routes.map(({ path }) => path),
      ['/tables'],
    )
    assert.equal(planned.routesCount, 1)
  })
})
