import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { lint } from '../../../../src/compiler/lint/index.ts'
import { builtins } from '../../../../src/domain/index.ts'
import { documentSet } from '../../../support/documents.ts'

const head = "openapi: 3.1.0\ninfo: { title: t, version: '1' }\n"

/** `rule:line` of what is found, or with the code where the rule has several. */
function found(text: string, plugins: ReadonlySet<string> | undefined = new Set()): readonly string[] {
  const findings = lint(documentSet({ 'api.yaml': head + text }), { plugins, allowPlaintext: false })
  return findings.map(({ rule, code, at }) => `${rule} ${code} ${at.line}`)
}

const nested = (levels: number): string => `${'{ items: '.repeat(levels - 1)}{}${' }'.repeat(levels - 1)}`
const schemas = (text: string): string => `components:\n  schemas:\n${text}`

describe('the limits of schemas', () => {
  it('allow 32 levels and 256 properties', () => {
    const properties = Object.fromEntries(Array.from({ length: 256 }, (_, index) => [`p${index}`, true]))
    const text = schemas(`    A: ${nested(32)}\n    B: ${JSON.stringify({ properties })}\n`)
    assert.deepEqual(found(text), [])
    const larger = JSON.stringify({ properties: { ...properties, more: true } })
    assert.deepEqual(found(schemas(`    B: ${larger}\n`)), ['schema-properties E1052 5'])
  })

  it('report a nest once, however deep, and each branch that is too deep', () => {
    assert.deepEqual(found(schemas(`    A: ${nested(60)}\n`)), ['schema-depth E1051 5'])
    const branches = `    A:\n      anyOf:\n        - ${nested(33)}\n        - ${nested(33)}\n`
    assert.deepEqual(found(schemas(branches)), ['schema-depth E1051 7', 'schema-depth E1051 8'])
  })

  it('count levels as they are written, so that references and circles add none', () => {
    const link = (level: number): string =>
      `    S${level}: { items: { $ref: '#/components/schemas/S${(level + 1) % 40}' } }\n`
    const chain = Array.from({ length: 40 }, (_, level) => link(level)).join('')
    assert.deepEqual(found(schemas(chain)), [])
  })
})

describe('the rules of MCP tools', () => {
  const operation = (mcp: string, more = ''): string =>
    `paths: { /a: { get: { ${mcp}${more} x-barbacane-dispatch: { name: mock } } } }\n`

  it('go by the operation, then by the root, and by nothing else', () => {
    const both = ['mcp-description E1061 4', 'mcp-operation-id E1060 4']
    assert.deepEqual(found(`x-barbacane-mcp: { enabled: true }\n${operation('')}`), both)
    const off = operation('x-barbacane-mcp: { enabled: false },')
    assert.deepEqual(found(`x-barbacane-mcp: { enabled: true }\n${off}`), [])
    const inherits = operation('x-barbacane-mcp: { description: d },', ' operationId: a,')
    assert.deepEqual(found(`x-barbacane-mcp: { enabled: true }\n${inherits}`), [])
    assert.deepEqual(found(operation('x-barbacane-mcp: { enabled: true },')).length, 2)
    assert.deepEqual(found(operation('')), [])
  })

  it('do not take blank texts for a description', () => {
    const blank = operation("operationId: a, summary: ' ',", ' x-barbacane-mcp: { enabled: true },')
    assert.deepEqual(found(blank), ['mcp-description E1061 3'])
  })
})

describe('the codes of plugin uses', () => {
  const use = (dispatch: string): string =>
    `paths: { /a: { get: { x-barbacane-dispatch: { ${dispatch} } } } }\n`

  it('tell a dispatcher that is not in this version from one that nobody knows', () => {
    assert.deepEqual(found(use('name: kafka')), ['dispatcher-reserved-name E1040 3'])
    assert.deepEqual(found(use('name: kafka'), undefined), ['dispatcher-reserved-name E1040 3'])
    assert.deepEqual(found(use('name: kafka'), new Set(['kafka'])), [])
    assert.deepEqual(found(use('name: pulsar')), ['plugin-unknown E1040 3'])
    assert.deepEqual(found('x-barbacane-middlewares: [{ name: kafka }]\n'), ['plugin-unknown E1040 3'])
  })

  it('know every plugin of Barbacane: it is in this version, or said not to be', () => {
    const dispatchers = 'http-upstream mock lambda kafka nats s3 ai-proxy ws-upstream fire-and-forget'.split(
      ' ',
    )
    const middlewares =
      `jwt-auth apikey-auth basic-auth oauth2-auth oidc-auth ldap-auth acl opa-authz cel rate-limit
       request-size-limit ip-restriction bot-detection redirect cache request-transformer response-transformer cors
       correlation-id observability http-log ai-prompt-guard ai-token-limit ai-cost-tracker ai-response-guard`.split(
        /\s+/,
      )
    const absent = (name: string, text: string) => {
      const of = found(text).filter((finding) => / E1040 /.test(finding))
      assert.equal(of.length, builtins.has(name) ? 0 : 1, name)
      return of.map((finding) => `${name} ${finding.split(' ')[0]}`)
    }
    assert.deepEqual(
      dispatchers.flatMap((name) => absent(name, use(`name: ${name}`))),
      ['lambda', 'kafka', 'nats', 's3', 'ai-proxy'].map((name) => `${name} dispatcher-reserved-name`),
    )
    assert.deepEqual(
      middlewares.flatMap((name) => absent(name, `x-barbacane-middlewares: [{ name: ${name} }]\n`)),
      [
        'oauth2-auth',
        'oidc-auth',
        'ldap-auth',
        'opa-authz',
        'ai-prompt-guard',
        'ai-token-limit',
        'ai-cost-tracker',
        'ai-response-guard',
      ].map((name) => `${name} middleware-reserved-name`),
    )
  })

  it('tell a wrong type and a wrong configuration apart', () => {
    assert.deepEqual(found('x-barbacane-middlewares: [{ name: mock }]\n'), ['plugin-unknown E1024 3'])
    assert.deepEqual(found(use('name: mock, config: { x: 1 }')), ['plugin-config E1023 3'])
  })

  it('name a sunset without deprecation by its own code', () => {
    const text = `paths: { /a: { get: { x-sunset: 'Sun, 06 Nov 2033 08:49:37 GMT', x-barbacane-dispatch: { name: mock } } } }\n`
    assert.deepEqual(found(text), ['sunset-date E1030 3'])
  })
})
