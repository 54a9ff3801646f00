import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createDocumentSet, readSource } from '../../../../src/compiler/document/index.ts'
import { enforcersOf, enforces } from '../../../../src/compiler/lint/enforcing-middlewares.ts'
import { lint } from '../../../../src/compiler/lint/index.ts'
import { builtins, formatLocation } from '../../../../src/domain/index.ts'

const context = { plugins: undefined, allowPlaintext: false }
const schemes = `components:
  securitySchemes:
    token: { type: http, scheme: Bearer }
    key: { type: apiKey, in: header, name: x-key }
    staff: { type: oauth2, flows: { implicit: { scopes: { read: r } }, password: { scopes: { write: w } } } }
    login: { type: openIdConnect, openIdConnectUrl: 'https://id.example' }
`
const dispatch = 'x-barbacane-dispatch: { name: mock }'

function check(rest: string, version = '3.1.0'): readonly string[] {
  const text = `openapi: ${version}\ninfo: { title: t, version: '1' }\n${schemes}${rest}`
  const { document, findings } = readSource('api.yaml', Buffer.from(text))
  assert.deepEqual(findings, [])
  assert.ok(document)
  const set = createDocumentSet([document], new Map([[document.path, document]]))
  return lint(set, context)
    .filter(({ rule }) => rule.startsWith('security-'))
    .map(({ at, message }) => `${formatLocation(at).replace('api.yaml:', '')} ${message}`)
}

describe('the security rules', () => {
  it('are silent without security', () => {
    assert.deepEqual(check(`paths: { /a: { get: { ${dispatch} } } }\n`), [])
  })

  it('say once, at the root, what no operation enforces', () => {
    const found = check(`security: [{ token: [] }]
x-barbacane-middlewares: [{ name: cors }, { name: apikey-auth }]
paths: { /a: { get: { ${dispatch} }, put: { ${dispatch}, security: [{ key: [] }] } }, /b: { get: { ${dispatch} } } }
`)
    assert.deepEqual(found, ['9:14 GET /a and 1 more: no middleware enforces the security scheme `token`'])
  })

  it('look at the chain that an operation really has', () => {
    const found = check(`security: [{ token: [] }]
x-barbacane-middlewares: [{ name: jwt-auth }]
paths:
  /a:
    get: { x-barbacane-middlewares: [{ name: cors }], ${dispatch} }
    put: { x-barbacane-middlewares: [], ${dispatch} }
    post: { x-barbacane-middlewares: [{ name: jwt-auth, config: {} }], ${dispatch} }
    patch: { security: [{ token: [], key: [] }], x-barbacane-middlewares: [], ${dispatch} }
`)
    assert.deepEqual(found, [
      '14:12 PUT /a: no middleware enforces the security scheme `token`',
      '16:27 PATCH /a: no middleware enforces the security scheme `token`',
      '16:38 PATCH /a: no middleware enforces the security scheme `key`',
    ])
  })

  it('require nothing where requests without credentials are welcome', () => {
    const found = check(`security: [{ token: [] }]
paths: { /a: { get: { security: [], ${dispatch} }, put: { security: [{ token: [] }, {}], ${dispatch} } } }
`)
    assert.deepEqual(found, [])
  })

  it('find names and scopes that are not declared, in callbacks too', () => {
    const found = check(`security: [{ tokn: [] }]
x-barbacane-middlewares: [{ name: my-auth }]
paths:
  /a:
    get: { security: [{ staff: [read, write, admin], login: [anything] }], ${dispatch} }
    put:
      security: [{ '#/components/securitySchemes/token': [] }]
      ${dispatch}
      callbacks: { done: { '{$request.body#/url}': { post: { security: [{ nobody: [] }, { key: [] }] } } } }
`)
    assert.deepEqual(found, [
      '9:14 The security scheme `tokn` is not declared',
      '13:46 No flow of `staff` has the scope `admin`',
      '15:20 The security scheme `#/components/securitySchemes/token` is not declared',
      '17:75 The security scheme `nobody` is not declared',
    ])
  })

  it('follow references to schemes from OpenAPI 3.2 on', () => {
    const found = check(
      `paths: { /a: { get: { security: [{ '#/components/securitySchemes/token': [] }], ${dispatch} } } }\n`,
      '3.2.0',
    )
    assert.deepEqual(found, [
      '9:36 GET /a: no middleware enforces the security scheme `#/components/securitySchemes/token`',
    ])
  })

  it('know what enforces what', () => {
    const table: readonly (readonly [Readonly<Record<string, unknown>>, readonly string[]])[] = [
      [{ type: 'http', scheme: 'bearer' }, ['jwt-auth', 'oidc-auth', 'oauth2-auth']],
      [{ type: 'http', scheme: 'BASIC' }, ['basic-auth']],
      [{ type: 'http', scheme: 'digest' }, []],
      [{ type: 'apiKey' }, ['apikey-auth']],
      [{ type: 'oauth2' }, ['oauth2-auth', 'jwt-auth', 'oidc-auth']],
      [{ type: 'openIdConnect' }, ['oidc-auth', 'jwt-auth']],
      [{ type: 'mutualTLS' }, []],
    ]
    for (const [scheme, names] of table) {
      assert.deepEqual(enforcersOf(scheme), names)
      for (const { name, type } of builtins.values())
        if (type === 'middleware' && !name.endsWith('-auth'))
          assert.equal(enforces(name, scheme), false, name)
      assert.equal(enforces('my-auth', scheme), scheme['type'] !== 'mutualTLS')
      for (const name of ['apikey-auth', 'basic-auth', 'jwt-auth', 'oauth2-auth', 'oidc-auth']) {
        assert.equal(enforces(name, scheme), names.includes(name))
      }
    }
  })
})
