import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { decodeArtifact, inspectArtifact } from '../../../src/artifact/index.ts'
import { createStyle, renderInspection } from '../../../src/terminal/index.ts'
import { sampleArtifact } from '../../support/sample-artifact.ts'

const route = {
  path: '/pets/{id}',
  method: 'GET',
  operation_id: 'getPet',
  spec: 'specs/pets.yaml',
  deprecated: false,
  sunset: null,
  parameters: [],
  body: null,
  middlewares: [{ name: 'cors', config: {} }],
  dispatch: { name: 'mock', config: {} },
}

describe('renderInspection', () => {
  const inspection = inspectArtifact(decodeArtifact(sampleArtifact({ plan: { routes: [route] } })))

  it('shows hashes, origin, routes with their chains, and inputs', () => {
    const page = renderInspection(inspection, createStyle(false))
    assert.ok(page.includes(inspection.artifact_hash) && page.includes(inspection.artifact_digest))
    assert.match(page, /^commit +a{40} \(clean\)$/m)
    assert.match(page, /^1 ROUTE$/m)
    assert.match(page, /^GET +\/pets\/\{id\} +cors → mock +getPet$/m)
    assert.match(page, /^4 INPUTS$/m)
    assert.match(page, /^spec +15 B +f39db8e8ede3 +specs\/pets\.yaml$/m)
    assert.doesNotMatch(page, /PLUGIN/)
  })

  it('says so where the origin is not known, and lets no control character through', () => {
    const provenance = { commit: null, source: 'a\u001b[31m\nb', dirty: null }
    const page = renderInspection({ ...inspection, provenance }, createStyle(false))
    assert.match(page, /^commit +unknown$/m)
    assert.ok(!page.includes('\u001b'))
    assert.equal(page.split('\n').filter((line) => line.startsWith('b')).length, 1)
  })
})
