import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import {
  createDocumentSet,
  readSource,
  type SourceDocument,
} from '../../../../src/compiler/document/index.ts'
import { lint } from '../../../../src/compiler/lint/index.ts'
import { formatLocation } from '../../../../src/domain/index.ts'

const strict = { plugins: new Set(['my-filter']), allowPlaintext: false }
const head = "openapi: 3.1.0\ninfo: { title: t, version: '1' }\n"
const disp = 'x-barbacane-dispatch: { name: mock }'

function check(
  files: Readonly<Record<string, string>>,
  context: { plugins: ReadonlySet<string> | undefined; allowPlaintext: boolean } = strict,
): readonly string[] {
  const documents = new Map<string, SourceDocument>()
  for (const [path, text] of Object.entries(files)) {
    const { document, findings } = readSource(path, Buffer.from(text))
    assert.deepEqual(findings, [])
    assert.ok(document)
    documents.set(path, document)
  }
  const roots = [...documents.values()].filter(({ text }) => text.startsWith('openapi'))
  return lint(createDocumentSet(roots, documents), context).map(
    ({ rule, severity, at, message }) => `${severity} ${rule} ${formatLocation(at)} ${message}`,
  )
}

const api = (rest: string, context = strict) => check({ 'api.yaml': head + rest }, context)
const withConfig = (name: string, config: string, context = strict) =>
  api(`x-barbacane-middlewares:\n  - name: ${name}\n    config: ${config}\n`, context)

describe('lint', () => {
  it('is silent on a sound description', () => {
    assert.deepEqual(
      api(`servers: [{ url: 'https://{host}/v1/', variables: { host: { default: a.example } } }]
x-barbacane-middlewares: [{ name: my-filter }]
x-barbacane-mcp: { enabled: false, server_name: s, server_version: '1' }
paths:
  /a/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string, maxLength: 9 } }]
    get: { operationId: a, x-barbacane-middlewares: [], ${disp} }
    post: { operationId: b, parameters: [{ name: id, in: query, schema: {} }], ${disp} }
  /a/static: { get: { ${disp} } }
  /{a}.{b}/{rest+}:
    parameters:
      - { name: a, in: path, required: true, schema: {} }
      - { name: b, in: path, required: true, schema: {} }
      - { name: rest, in: path, required: true, schema: {} }
    additionalOperations: { COPY: { ${disp} } }
    get:
      callbacks: { done: { '{$request.body#/url}': { post: { responses: {} } } } }
      ${disp}
  /: { get: { ${disp} } }
  /slash/: { get: { ${disp} } }
webhooks: { changed: { post: {} } }
`),
      [],
    )
  })

  it('walks fragments of other files once and reports there', () => {
    const findings = check({
      'a.yaml': `${head}paths: { /x: { $ref: 'items.yaml#/x' } }\n`,
      'b.yaml': `${head}servers: [{ url: /b }]\npaths: { /y: { $ref: 'items.yaml#/x' } }\n`,
      'items.yaml': `x:\n  get:\n    operationId: x\n    x-barbacane-dispatch: { name: nobody }\n`,
    })
    assert.deepEqual(findings, [
      'error plugin-unknown items.yaml:4:35 The dispatcher `nobody` is neither built in nor listed in barbacane.yaml',
    ])
  })

  it('counts a finding in a shared path item once', () => {
    const shared = `{ get: { x-barbacane-dispatch: { name: mock, config: { x: 1 } } }, parameters: [${'{ name: a, in: query, schema: {} }, '.repeat(2)}] }`
    assert.equal(
      api(`paths:
  /a: { $ref: '#/components/pathItems/P' }
  /b: { $ref: '#/components/pathItems/P' }
components: { pathItems: { P: ${shared} } }
`).length,
      2,
    )
  })

  it('survives circular references and any shape of what it reads', () => {
    const findings = api(`paths:
  /a: { $ref: '#/paths/~1b' }
  /b: { $ref: '#/paths/~1a' }
  /c: 7
  /d: { get: [1], parameters: { x: 1 }, post: { parameters: [1, { name: 2 }, null], ${disp}, operationId: 3 } }
  x-e: { get: {} }
servers: 7
components: { schemas: { A: { allOf: [{ $ref: '#/components/schemas/A' }], properties: 3 }, B: true } }
`)
    assert.deepEqual(findings, [
      'error schema-keyword api.yaml:10:88 `properties` is the number 3, not an object of schemas',
    ])
  })

  it('leaves roots of another format alone', () => {
    assert.deepEqual(check({ 'a.yaml': 'openapi: 4.0.0\npaths: { a: { get: {} } }\n' }), [])
  })
})

describe('paths', () => {
  const template = (path: string) =>
    api(`paths: { '${path}': { get: { ${disp} } } }\n`).filter((line) => !line.includes('not declared'))

  for (const [path, fault] of [
    ['a', 'it does not begin with a slash'],
    ['/a?b={c}', 'it has a query or a fragment; a path ends before `?` and `#`'],
    ['/a b', 'it has a space or a control character'],
    ['/a//b', 'it has an empty segment (`//`)'],
    ['/{a', 'the braces of `{a` do not match'],
    ['/a}', 'the braces of `a}` do not match'],
    ['/{a}{b}', 'nothing separates the parameters of `{a}{b}`'],
    ['/{}', 'a parameter has no name'],
    ['/{+}', 'a parameter has no name'],
    ['/{a*}', 'the parameter name `a*` has other characters than letters, digits and `_ - . ~`'],
    ['/{a}/{a}', 'the parameter {a} stands in it twice'],
  ] as const) {
    it(`refuse ${path}`, () => {
      assert.deepEqual(template(path), [
        `error path-template api.yaml:3:10 The path ${JSON.stringify(path)} cannot be matched: ${fault}`,
      ])
    })
  }

  it('refuse a greedy parameter that is not the whole last segment', () => {
    assert.match(template('/a.{rest+}').join('\n'), /^error greedy-parameter-last api.yaml:3:10 /)
    assert.match(template('/{rest+}/a').join('\n'), /^error greedy-parameter-last api.yaml:3:10 /)
  })

  it('of one shape are an error for equal methods and a warning for others', () => {
    const item = (name: string, method: string) =>
      `{ ${method}: { parameters: [{ name: ${name}, in: path, required: true, schema: {} }], ${disp} } }`
    assert.deepEqual(
      api(
        `paths:\n  /a/{x}: ${item('x', 'get')}\n  /a/{y}: ${item('y', 'get')}\n  /a/{z}: ${item('z', 'put')}\n`,
      ),
      [
        'error path-ambiguous api.yaml:5:3 "/a/{y}" matches the same requests as "/a/{x}" for GET',
        'warning path-ambiguous api.yaml:6:3 "/a/{z}" matches the same requests as "/a/{x}"',
      ],
    )
  })

  it('of two descriptions may not be the same operation, base paths counted', () => {
    const spec = (base: string, path: string) =>
      `${head}servers: [{ url: '${base}' }]\npaths: { ${path}: { get: { ${disp} } } }\n`
    assert.deepEqual(check({ 'a.yaml': spec('https://x/v1', '/a'), 'b.yaml': spec('/', '/v1/a') }), [
      'error operation-duplicate b.yaml:4:19 GET /v1/a is declared before in a.yaml',
    ])
    assert.deepEqual(check({ 'a.yaml': spec('/v1', '/a'), 'b.yaml': spec('/v2', '/a') }), [])
  })

  it('take the base path from the nearest servers, with the defaults of variables', () => {
    assert.deepEqual(
      api(`servers: [{ url: '/{v}', variables: { v: { default: v1 } } }]
paths:
  /a: { get: { ${disp} } }
  /v1/a: { servers: [{ url: / }], get: { ${disp} } }
  /b: { get: { servers: [{ url: '//host/__barbacane/?q#f' }], ${disp} } }
`),
      [
        'error operation-duplicate api.yaml:6:35 GET /v1/a is declared before in api.yaml',
        'error reserved-path api.yaml:7:3 The path "/__barbacane/b" is reserved for the gateway itself',
      ],
    )
  })

  it('have their parameters declared for each operation, and no others', () => {
    assert.deepEqual(
      api(`paths:
  /a/{x}/{y}:
    get: { parameters: [{ $ref: '#/components/parameters/Y' }, { name: z, in: path, required: true, schema: {} }], ${disp} }
    put: { ${disp} }
components: { parameters: { Y: { name: y, in: path, required: true, schema: {} } } }
`),
      [
        'error path-parameter-declared api.yaml:4:3 {x} of the path "/a/{x}/{y}" is not declared as a parameter',
        'error path-parameter-declared api.yaml:5:64 The path parameter `z` does not stand in "/a/{x}/{y}"',
        'error path-parameter-declared api.yaml:6:5 {y} of the path "/a/{x}/{y}" is not declared as a parameter for PUT',
      ],
    )
  })
})

describe('operations', () => {
  it('have unique ids over all descriptions, callbacks included', () => {
    assert.deepEqual(
      check({
        'a.yaml': `${head}paths: { /a: { get: { operationId: one, ${disp} } } }\n`,
        'b.yaml': `${head}webhooks: { w: { post: { operationId: one } } }\n`,
      }),
      ['error operation-id-unique b.yaml:3:39 The operationId "one" is used before at a.yaml:3:36'],
    )
  })

  it('without any dispatcher are one finding', () => {
    assert.deepEqual(api('paths:\n  /a: { get: {}, put: {} }\n'), [
      'error dispatch-missing api.yaml:3:1 None of the 2 operations has `x-barbacane-dispatch`',
    ])
    assert.deepEqual(api(`paths:\n  /a: { get: {}, put: { ${disp} } }\n`), [
      'error dispatch-missing api.yaml:4:9 GET /a has no `x-barbacane-dispatch`',
    ])
  })

  it('list a header once, whatever its case', () => {
    const list = '[{ name: X-A, in: header, schema: {} }, { name: x-a, in: header, schema: {} }]'
    assert.deepEqual(api(`paths: { /a: { get: { parameters: ${list}, ${disp} } } }\n`), [
      'error parameter-duplicate api.yaml:3:75 The header parameter `x-a` is listed twice',
    ])
  })

  it('give x-sunset as an HTTP-date, on deprecation', () => {
    const sunset = (text: string) => api(`paths:\n  /a:\n    get: { ${text}, ${disp} }\n`)
    const date = "x-sunset: 'Sun, 06 Nov 2033 08:49:37 GMT'"
    assert.deepEqual(sunset(`deprecated: true, ${date}`), [])
    assert.match(sunset(date).join('\n'), /^warning sunset-date api.yaml:5:12 .*not deprecated$/)
    for (const wrong of ["'Mon, 06 Nov 2033 08:49:37 GMT'", '2033-11-06', '7', "'soon'"]) {
      assert.match(
        sunset(`deprecated: true, x-sunset: ${wrong}`).join('\n'),
        /^error sunset-date api.yaml:5:40 /,
      )
    }
  })
})

describe('extensions', () => {
  it('of another form than expected are errors, never dropped', () => {
    assert.deepEqual(
      api(`x-barbacane-middlewares:
  - {}
  - text
  - { name: '' }
  - { name: 7 }
  - { name: my-filter, config: [] }
  - { name: my-filter, cofnig: {} }
x-barbacane-mcp: { enabled: 'yes', server_nam: x, server_version: 2 }
x-barbacane-dispatch: { name: mock }
paths:
  /a:
    x-barbacane-middlewares: []
    get: { x-barbacane-dispatch: mock, x-barbacane-middlewares: { name: my-filter }, x-barbacane-mcp: true }
`),
      [
        'error extension-malformed api.yaml:4:5 The entry has no `name`',
        'error extension-malformed api.yaml:5:5 The entry is the string "text", not an object',
        'error extension-malformed api.yaml:6:13 The name is empty',
        'error extension-malformed api.yaml:7:13 The name is the number 7, not a string',
        'error extension-malformed api.yaml:8:32 The configuration is a list, not an object',
        'error extension-malformed api.yaml:9:24 The key `cofnig` is unknown',
        'error extension-malformed api.yaml:10:29 `enabled` is the string "yes", not a boolean',
        'error extension-malformed api.yaml:10:36 The key `server_nam` is unknown',
        'error extension-malformed api.yaml:10:67 `server_version` is the number 2, not a string',
        'error extension-malformed api.yaml:11:1 `x-barbacane-dispatch` has no effect here',
        'error extension-malformed api.yaml:14:5 `x-barbacane-middlewares` has no effect here',
        'error extension-malformed api.yaml:15:34 The entry is the string "mock", not an object',
        'error extension-malformed api.yaml:15:65 `x-barbacane-middlewares` is an object, not a list',
        'error extension-malformed api.yaml:15:103 `x-barbacane-mcp` is the boolean true, not an object',
      ],
    )
  })

  it('of how answers are checked have a mode and a share', () => {
    const key = 'x-barbacane-response-validation'
    assert.deepEqual(
      api(`${key}: { mode: loud, sample: 0, rate: 1 }
paths:
  /a:
    ${key}: report
    get: { x-barbacane-dispatch: { name: mock }, ${key}: on }
    put: { x-barbacane-dispatch: { name: mock }, ${key}: { sample: 1.5 } }
    post: { x-barbacane-dispatch: { name: mock }, ${key}: [] }
    patch: { x-barbacane-dispatch: { name: mock }, ${key}: { mode: enforce, sample: 1 } }
    delete: { x-barbacane-dispatch: { name: mock }, ${key}: off }
`),
      [
        'error extension-malformed api.yaml:3:42 `mode` is none of off, report and enforce',
        'error extension-malformed api.yaml:3:56 `sample` is not a number above 0 and 1 at most',
        'error extension-malformed api.yaml:3:59 The key `rate` is unknown',
        'error extension-malformed api.yaml:6:5 `x-barbacane-response-validation` has no effect here',
        'error extension-malformed api.yaml:7:83 `x-barbacane-response-validation` is `on`, which is no mode',
        'error extension-malformed api.yaml:8:83 There is no `mode`',
        'error extension-malformed api.yaml:8:93 `sample` is not a number above 0 and 1 at most',
        'error extension-malformed api.yaml:9:84 `x-barbacane-response-validation` is a list, which is no mode',
      ],
    )
  })

  it('that nobody knows are a warning', () => {
    assert.deepEqual(api('paths: { /a: { x-barbacane-dispach: 1 } }\n'), [
      'warning extension-unknown api.yaml:3:16 The extension `x-barbacane-dispach` is unknown and has no effect',
    ])
  })
})

describe('plugins', () => {
  it('must be known, and of the right type', () => {
    assert.deepEqual(api('x-barbacane-middlewares: [{ name: my-filtre }, { name: mock }]\n'), [
      'error plugin-unknown api.yaml:3:35 The middleware `my-filtre` is neither built in nor listed in barbacane.yaml',
      'error plugin-unknown api.yaml:3:56 `mock` is a dispatcher, not a middleware',
    ])
    const alone = { plugins: undefined, allowPlaintext: false }
    assert.deepEqual(
      check({ 'api.yaml': `${head}x-barbacane-middlewares: [{ name: whatever }]\n` }, alone),
      [],
    )
  })

  it('that are built in have their configuration checked, at the key at fault', () => {
    const use = (config: string) =>
      api(`paths: { /a: { get: { x-barbacane-dispatch: { name: http-upstream, config: ${config} } } } }\n`)
    assert.deepEqual(use('{ url: https://a.example, timeout: 3 }'), [])
    assert.deepEqual(use('{ url: env://UPSTREAM }'), [])
    assert.deepEqual(use('{ timeout: 0, ulr: x }'), [
      'error plugin-config api.yaml:3:68 The configuration of `http-upstream` has none of `url`, `targets`',
      'error plugin-config api.yaml:3:87 `timeout` must be > 0',
      'error plugin-config api.yaml:3:90 The configuration of `http-upstream` has an unknown member `ulr`',
    ])
    assert.deepEqual(use('{ url: gopher://a.example }'), [
      'error plugin-config api.yaml:3:83 `url` is "gopher://a.example", which does not have the form required here',
    ])
  })

  it('reach nobody in plain text, unless that is allowed', () => {
    const config =
      "{ deep: [{ endpoint: 'HTTP://user:pw@127.0.0.1:9/x' }], allowed_origins: ['http://localhost'] }"
    assert.deepEqual(withConfig('my-filter', config), [
      'warning secret-literal api.yaml:5:34 `endpoint` holds a URL with a password in plain text',
      'error upstream-plaintext api.yaml:5:34 "HTTP://127.0.0.1:9/x" is reached without TLS',
    ])
    const plain = "{ url: 'HTTP://127.0.0.1:9/x' }"
    assert.deepEqual(withConfig('my-filter', plain, { ...strict, allowPlaintext: true }), [])
    const urls = ['ws://a', 'redis://a:6379', 'NATS://a', ' http://a', 'http:a', 'http:/a', 'kafka://a,b']
    for (const url of [...urls, String.raw`http:\\\\a`])
      assert.equal(withConfig('my-filter', JSON.stringify({ url })).length, 1, url)
    const texts = ['wss://a', 'https://a', 'rediss://a', 'http: a protocol', 'see http://a', 'urn:http://a']
    for (const text of texts) assert.deepEqual(withConfig('my-filter', JSON.stringify({ text })), [], text)
  })

  it('of the project come before built-ins of the same name', () => {
    const use = `${head}paths: { /a: { get: { x-barbacane-dispatch: { name: mock, config: { any: 1 } } } } }\n`
    assert.deepEqual(check({ 'api.yaml': use }, { ...strict, plugins: new Set(['mock']) }), [])
    assert.equal(check({ 'api.yaml': use }).length, 1)
  })

  it('answer with any URL where they reach nobody', () => {
    const dispatch = "{ name: mock, config: { headers: { location: 'http://a.example' } } }"
    assert.deepEqual(api(`paths: { /a: { get: { x-barbacane-dispatch: ${dispatch} } } }\n`), [])
  })

  it('hold no literal secret, and no finding repeats one', () => {
    const findings = withConfig(
      'my-filter',
      "{ db_password: hunter2, apiKey: hunter2, tokens: [hunter2], token: 'env://T', password: '', token_url: 'https://a', authorization: 'Bearer hunter2', keys: { private_key: [hunter2] } }",
    )
    assert.deepEqual(
      findings.map((line) => /secret-literal \S+ (.*)$/.exec(line)?.[1]),
      ['db_password', 'apiKey', 'authorization', 'private_key'].map(
        (key) => `\`${key}\` holds a secret in plain text`,
      ),
    )
    assert.ok(!findings.join('\n').includes('hunter2'))
  })

  it('hold no secret that its form betrays, whatever it is called', () => {
    const letters = (count: number): string => 'Ab1'.repeat(count).slice(0, count)
    const forms: readonly (readonly [string, string])[] = [
      ['a private key', ['x\n-----BEGIN EC', 'PRIVATE KEY-----\nMII'].join(' ')],
      ['a URL with a password', 'postgres://app:hunter2@db/x'],
      ['an access key of AWS', ['AKIA', 'ABCDEFGHIJ234567'].join('')],
      ['a token of GitHub', `ghp_${letters(36)}`],
      ['a token of GitLab', `glpat-${letters(20)}`],
      ['a token of Slack', `xoxb-${letters(12)}`],
      ['a key of Stripe', `sk_live_${letters(24)}`],
      ['a key of Google', `AIza${letters(35)}`],
      ['a JSON Web Token', ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0In0', letters(20)].join('.')],
    ]
    for (const [form, text] of forms) {
      const findings = withConfig('my-filter', JSON.stringify({ list: [{ note: text }] }))
      assert.match(
        findings.join(),
        new RegExp(`^warning secret-literal \\S+ \`note\` holds ${form} in plain text$`),
      )
      assert.ok(!findings.join().includes(text))
    }
    const sound = ['https://user@a', 'sk_test_abc', 'env://NAME', 'a:b@c', letters(400)]
    for (const text of sound)
      assert.deepEqual(withConfig('my-filter', JSON.stringify({ note: text })), [], text)
    const hashes = [`sha256:${'a1'.repeat(32)}`, '$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA', '$2b$12$abc']
    for (const hash of hashes)
      assert.deepEqual(withConfig('my-filter', JSON.stringify({ password: hash })), [], hash)
    const keys = '{ keys: [{ key: hunter2, id: a }] }'
    assert.match(
      withConfig('apikey-auth', keys, { ...strict, plugins: new Set(['apikey-auth']) }).join(),
      /`key` holds/,
    )
  })

  it('are searched for secrets in time, whatever stands there', () => {
    for (const part of ['a:', 'eyJ-', '-----BEGIN A ', 'x-'])
      assert.deepEqual(withConfig('my-filter', JSON.stringify({ note: part.repeat(200_000) })), [])
  })

  it('refer to secrets in a form that is resolved', () => {
    const fine = "['env://A_1', 'file:///run/secrets/x', 'see https://a.example/env']"
    assert.deepEqual(withConfig('my-filter', `{ list: ${fine} }`), [])
    for (const wrong of [
      'Bearer env://A',
      'env://A B',
      'env://',
      'env://a-b',
      'vault://kv/x',
      'k8s://a',
      'x aws-sm://b',
      'file://relative',
      'file:///a?b',
    ]) {
      const findings = withConfig('my-filter', `{ value: '${wrong}' }`)
      assert.equal(findings.length, 1, wrong)
      assert.match(findings[0] ?? '', /^error secret-reference api.yaml:5:22 /)
    }
  })
})
