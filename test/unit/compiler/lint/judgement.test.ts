import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { judgeFindings } from '../../../../src/compiler/lint/judgement/index.ts'
import { lint } from '../../../../src/compiler/lint/index.ts'
import type { RuleSetting } from '../../../../src/config/index.ts'
import { compareFindings } from '../../../../src/domain/index.ts'
import { documentSet } from '../../../support/documents.ts'

const head = "openapi: 3.1.0\ninfo: { title: t, version: '1' }\n"

async function judge(
  files: Readonly<Record<string, string>>,
  levels: Readonly<Record<string, RuleSetting['level']>> = {},
  isWhole = true,
) {
  const set = documentSet(files)
  const at = { file: 'barbacane.yaml', line: 1, col: 1 }
  const ruleSettings = Object.entries(levels).map(([rule, level]) => ({ rule, level, at }))
  const found = lint(set, { plugins: undefined, allowPlaintext: false })
  const judged = await judgeFindings(found, set, { ruleSettings, isWhole })
  return judged
    .toSorted(compareFindings)
    .map(({ rule, severity, at, message }) => `${at.file}:${at.line} ${severity} ${rule}: ${message}`)
}

const unknown = (name: string) =>
  `extension-unknown: The extension \`x-barbacane-${name}\` is unknown and has no effect`

describe('ignores in comments', () => {
  it('cover the next line that has content, for the rules they name', async () => {
    const text = `${head}# barbacane-disable-next-line extension-unknown -- ours

# another comment
x-barbacane-a: 1
x-barbacane-b: 1 # barbacane-disable-next-line secret-literal, extension-unknown -- ours -- and theirs
x-barbacane-c: 1
`
    assert.deepEqual(await judge({ 'a.yaml': text }, {}, false), [`a.yaml:7 warning ${unknown('b')}`])
  })

  it('are found with any line ends, and only where they are comments', async () => {
    const text = `${head}x-a: |\n  # barbacane-disable-next-line extension-unknown -- no comment\nx-barbacane-a: '# barbacane-disable-next-line nothing'\nx-b: a# barbacane-disable-next-line nothing\n# barbacane-disable-next-lines nothing\n`
    const expected = [`a.yaml:5 warning ${unknown('a')}`]
    assert.deepEqual(await judge({ 'a.yaml': text }), expected)
    assert.deepEqual(await judge({ 'a.yaml': text.replaceAll('\n', '\r\n') }), expected)
    const crlf = `${head}# barbacane-disable-next-line extension-unknown -- ours\nx-barbacane-a: 1\n`
    assert.deepEqual(await judge({ 'a.yaml': crlf.replaceAll('\n', '\r\n') }), [])
  })

  it('need a known rule that is not fixed, and a reason', async () => {
    const text = [
      '# barbacane-disable-next-line',
      '# barbacane-disable-next-line -- why',
      '# barbacane-disable-next-line extension-unknown',
      '# barbacane-disable-next-line extension-unknown --',
      '# barbacane-disable-next-line extension-unknwon -- why',
      '# barbacane-disable-next-line dispatch-missing, schema-compiles -- why',
      'x-barbacane-a: 1',
    ].join('\n')
    assert.deepEqual(await judge({ 'a.yaml': `${head}${text}\n` }), [
      'a.yaml:3 error ignore-invalid: No rule is named that is to be ignored',
      'a.yaml:4 error ignore-invalid: No rule is named that is to be ignored',
      'a.yaml:5 error ignore-invalid: Why `extension-unknown` is ignored is not said',
      'a.yaml:6 error ignore-invalid: Why `extension-unknown` is ignored is not said',
      'a.yaml:7 error ignore-invalid: There is no rule `extension-unknwon`',
      'a.yaml:8 error ignore-invalid: `dispatch-missing` cannot be ignored',
      'a.yaml:8 error ignore-invalid: `schema-compiles` cannot be ignored',
      `a.yaml:9 warning ${unknown('a')}`,
    ])
  })

  it('are reported where they cover nothing, unless only a part is looked at', async () => {
    const text = `${head}# barbacane-disable-next-line extension-unknown -- ours\n`
    assert.deepEqual(await judge({ 'a.yaml': text }), [
      'a.yaml:3 warning ignore-unused: `extension-unknown` reports nothing here',
    ])
    assert.deepEqual(await judge({ 'a.yaml': text }, {}, false), [])
  })
})

describe('ignores as an extension', () => {
  it('cover the object they stand on and what is in it, in its file', async () => {
    const files = {
      'a.json': JSON.stringify({
        openapi: '3.1.0',
        info: { title: 't', version: '1', 'x-barbacane-a': 1 },
        paths: { '/a': { $ref: 'b.yaml#/a' }, '/ab': { 'x-barbacane-c': 1 } },
      }),
      'b.yaml': `a:
  x-barbacane-lint-ignore: { extension-unknown: ours }
  get:
    x-barbacane-b: 1
    x-barbacane-dispatch: { name: mock }
    responses: { '200': { description: d } }
`,
    }
    assert.deepEqual(await judge(files), [
      `a.json:1 warning ${unknown('a')}`,
      `a.json:1 warning ${unknown('c')}`,
    ])
  })

  it('need a form, a known rule and a reason', async () => {
    const ignores = [
      '[]',
      '{}',
      "{ extension-unknown: '  ' }",
      '{ extension-unknown: 1 }',
      '{ extension-unknwon: why }',
    ]
    for (const ignore of ignores) {
      const found = await judge({ 'a.yaml': `${head}x-barbacane-lint-ignore: ${ignore}\n` })
      assert.match(found.join('\n'), /^a\.yaml:3 error ignore-invalid: .*$/, ignore)
    }
  })
})

describe('the levels of rules', () => {
  const text = `${head}x-barbacane-a: 1\nx-barbacane-middlewares: [{ name: my-filter, config: { token: abc } }]\n`
  const findings = async (levels: Readonly<Record<string, RuleSetting['level']>>) =>
    (await judge({ 'a.yaml': text }, levels)).filter((line) => !line.includes(' plugin-'))

  it('replace the severity of findings, or leave them out', async () => {
    const secret = 'a.yaml:4 warning secret-literal: `token` holds a secret in plain text'
    assert.deepEqual(await findings({ 'extension-unknown': 'error' }), [
      `a.yaml:3 error ${unknown('a')}`,
      secret,
    ])
    assert.deepEqual(await findings({ 'extension-unknown': 'info' }), [
      `a.yaml:3 info ${unknown('a')}`,
      secret,
    ])
    assert.deepEqual(await findings({ 'extension-unknown': 'off' }), [secret])
    assert.deepEqual(await findings({ 'extension-unknown': 'off', 'secret-literal': 'error' }), [
      secret.replace('warning', 'error'),
    ])
  })

  it('cannot lower what protects the gateway, nor name what does not exist', async () => {
    const kept = [
      `a.yaml:3 warning ${unknown('a')}`,
      'a.yaml:4 warning secret-literal: `token` holds a secret in plain text',
    ]
    for (const [rule, level, message] of [
      ['secret-literal', 'off', '`secret-literal` cannot be switched off'],
      ['secret-literal', 'info', '`secret-literal` cannot be lowered to info'],
      ['dispatch-missing', 'warning', '`dispatch-missing` cannot be lowered to warning'],
      ['media-type', 'off', '`media-type` cannot be switched off'],
      ['extension-unknwon', 'off', 'There is no rule `extension-unknwon`'],
    ] as const) {
      const found = await findings({ [rule]: level })
      assert.ok(
        found.includes(`barbacane.yaml:1 error lint-settings: ${message}`),
        `${rule}: ${found.join('\n')}`,
      )
      for (const line of kept) assert.ok(found.includes(line))
    }
    assert.deepEqual(await findings({ 'dispatch-missing': 'error' }), kept)
  })
})
