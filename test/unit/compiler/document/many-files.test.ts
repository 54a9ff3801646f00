import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { bundleDescription, printDescription } from '../../../../src/compiler/bundle/index.ts'
import { lintProject } from '../../../../src/compiler/lint/index.ts'
import { formatLocation, isProblemError } from '../../../../src/domain/index.ts'
import { resolvedRoutes } from '../../../support/resolved-plan.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { planned } from '../../../support/planned.ts'

const RESOURCES = 900

/** One path item, one list of parameters and one schema a resource, each in a file of its own. */
function description(): Record<string, string> {
  const files: Record<string, string> = {}
  const paths: string[] = []
  for (let index = 0; index < RESOURCES; index++) {
    paths.push(`  /r${index}/{id}: { $ref: 'paths/r${index}.yaml' }\n`)
    files[`paths/r${index}.yaml`] = `put:
  operationId: put${index}
  parameters: [{ $ref: '../parameters/id${index}.json' }]
  requestBody: { content: { application/json: { schema: { $ref: '../schemas/r${index}.yaml#/Resource' } } } }
  responses: { '204': { description: Done } }
  x-barbacane-dispatch: { name: mock }
`
    files[`parameters/id${index}.json`] = JSON.stringify({
      name: 'id',
      in: 'path',
      required: true,
      schema: { $ref: `../schemas/r${index}.yaml#/Resource/properties/id` },
    })
    // Each schema refers to the next one, so that the last files are far from the root.
    files[`schemas/r${index}.yaml`] = `Resource:
  type: object
  properties:
    id: { type: integer, maximum: ${index} }
    next: { $ref: './r${(index + 1) % RESOURCES}.yaml#/Resource/properties/id' }
`
  }
  files['api.yaml'] = `openapi: 3.1.0\ninfo: { title: Many, version: '1' }\npaths:\n${paths.join('')}`
  return files
}

describe('a description of 2,701 files', () => {
  it('becomes one plan, and has its findings in the file, the line and the column of the fault', async () => {
    const files = description()
    await using folder = await temporaryFolder(files)
    const context = { root: folder.path, plugins: new Set<string>(), allowPlaintext: false }
    const sound = await lintProject(['api.yaml'], context)
    assert.ok(sound.findings.every(({ severity }) => severity !== 'error'))
    assert.equal(sound.set.documents.size, 3 * RESOURCES + 1)
    const { plan } = planned(sound.set)
    assert.equal(plan.routes.length, RESOURCES)
    assert.match(JSON.stringify(plan.schemas), /"maximum":899\b/)

    const {
      document,
      components,
      files: bundled,
    } = await bundleDescription('api.yaml', { root: folder.path })
    assert.deepEqual([components, bundled.length], [4 * RESOURCES, 3 * RESOURCES + 1])
    const text = Buffer.from(printDescription(document, 'yaml'))
    const alone = { ...context, root: undefined, contents: new Map([['api.yaml', text]]) }
    const { set } = await lintProject(['api.yaml'], alone)
    assert.equal(set.documents.size, 1)
    assert.deepEqual(resolvedRoutes(planned(set).plan), resolvedRoutes(plan))

    await folder.write({
      'schemas/r877.yaml': 'Resource:\n  type: object\n  properties:\n    id: { type: integr }\n',
      'paths/r42.yaml': String(files['paths/r42.yaml']).replace('r42.yaml#/Resource', 'r42.yaml#/Resorce'),
      'parameters/id500.json': '{\n  "name": "id",\n  "in": "paht",\n  "schema": {} }',
    })
    const { findings } = await lintProject(['api.yaml'], context)
    const errors = findings.filter(({ severity }) => severity === 'error')
    assert.deepEqual(
      errors.map(({ rule, at }) => `${rule} ${formatLocation(at)}`),
      [
        'path-parameter-declared api.yaml:504:3',
        'openapi-structure parameters/id500.json:3:9',
        'ref-unresolved paths/r42.yaml:4:65',
        'schema-keyword schemas/r877.yaml:4:17',
      ],
    )
    await assert.rejects(bundleDescription('api.yaml', { root: folder.path }), (error) => {
      assert.ok(isProblemError(error))
      const { code, findings = [] } = error.problem
      assert.equal(code, 'BCN_BUNDLE_FINDINGS')
      assert.deepEqual(
        findings.map(({ at }) => formatLocation(at)),
        ['paths/r42.yaml:4:65'],
      )
      return true
    })
  })
})
