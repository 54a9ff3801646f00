import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { decodeArtifact } from '../../../src/artifact/index.ts'
import { compileProject, readContract } from '../../../src/compiler/index.ts'
import { loadProject } from '../../../src/config/index.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { wasmModule } from '../../support/wasm.ts'

const done = "x-barbacane-dispatch: { name: mock }, responses: { '200': { description: d } }"
const api = `openapi: 3.1.0
info: { title: t, version: '1' }
servers: [{ url: https://a.example/v1 }, { url: https://b.example/v2 }]
security: [{ mine: [] }]
x-barbacane-middlewares: [{ name: my-auth }]
components:
  securitySchemes:
    mine: { $ref: 'schemes.yaml#/bearer' }
    staff: { type: oauth2, flows: { implicit: { authorizationUrl: https://a.example, scopes: { read: r } } } }
    key: { type: apiKey, in: header, name: X-Key }
    login: { type: openIdConnect, openIdConnectUrl: https://id.example }
paths:
  /a: { get: { ${done} } }
  /b: { get: { security: [], ${done} } }
  /c: { get: { security: [{ staff: [read], key: [] }, { login: [] }], ${done} } }
  /d: { get: { ${done} } }
  /e:
    get:
      security: []
      x-barbacane-dispatch: { name: mock }
      responses: { '200': { description: d, content: { application/json: { schema: { $ref: 'e.yaml' } } } } }
`
const overlay = `overlay: 1.0.0
info: { title: o, version: '1' }
actions: [{ target: "$.paths['/d'].get", update: { security: [{}] } }]
`

describe('readContract', () => {
  it('reads what each route requires and answers from the artifact alone', async () => {
    await using folder = await temporaryFolder({
      'barbacane.yaml':
        'version: 1\nspecs: specs/api.yaml\noverlays: [o.yaml]\nplugins: { my-auth: { path: a.wasm } }\n',
      'specs/api.yaml': api,
      'specs/schemes.yaml': 'bearer: { type: http, scheme: Bearer }\n',
      'specs/e.yaml':
        'type: object\nproperties: { secret: { type: string, writeOnly: true }, id: { type: integer } }\n',
      'o.yaml': overlay,
      'a.wasm': wasmModule({ exports: ['on_request'] }),
    })
    const project = await loadProject(join(folder.path, 'barbacane.yaml'))
    const { bytes } = await compileProject(project, {
      allowPlaintext: false,
      buildTimestamp: '2026-01-02T03:04:05Z',
      provenance: { commit: null, source: null, dirty: null },
      compiler: { name: 'barbacane', version: '0.0.0' },
    })
    const { routes, schemas } = await readContract(decodeArtifact(Buffer.from(bytes)))
    const shown = Object.fromEntries(
      [...routes].map(([route, { security }]) => [route, security.map((one) => Object.fromEntries(one))]),
    )
    const bearer = [{ 'http bearer': [] }]
    const either = [
      { oauth2: ['read'], 'apiKey header X-Key': [] },
      { 'openIdConnect https://id.example': [] },
    ]
    assert.deepEqual(shown, {
      'GET /v1/a': bearer,
      'GET /v2/a': bearer,
      'GET /v1/b': [{}],
      'GET /v2/b': [{}],
      'GET /v1/c': either,
      'GET /v2/c': either,
      'GET /v1/d': [{}],
      'GET /v2/d': [{}],
      'GET /v1/e': [{}],
      'GET /v2/e': [{}],
    })
    const nothing = { headers: [], content: null }
    assert.deepEqual(routes.get('GET /v1/b')?.responses, [{ status: '200', ...nothing }])
    const described = routes.get('GET /v1/e')?.responses[0]
    assert.deepEqual(described?.content, [{ media_range: 'application/json', schema: 0 }])
    const e = { type: 'object', properties: { secret: false, id: { type: 'integer' } } }
    assert.deepEqual(schemas, [{ $ref: '#/$defs/e', $defs: { e } }])
  })
})
