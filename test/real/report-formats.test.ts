import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'

import type { Finding } from '../../src/domain/index.ts'
import { createStyle, renderFindings, type FindingFormat } from '../../src/terminal/index.ts'
import { anyFinding } from '../support/any-finding.ts'
import { repositoryRoot } from '../support/source-tree.ts'

const judges = createRequire(join(repositoryRoot, 'test/judges/package.json'))

const render = (findings: readonly Finding[], format: FindingFormat): string =>
  renderFindings(findings, format, {
    style: createStyle(false),
    files: ['specs/api.yaml', 'specs/sound.yaml'],
    rules: [{ id: 'dispatch-missing', summary: 'Every operation names a dispatcher.' }],
    version: '1.2.3',
  })

/** Renders whatever findings may say, and hands it to a judge who throws. */
function judge(format: FindingFormat, check: (report: string, findings: readonly Finding[]) => void): void {
  fc.assert(
    fc.property(fc.array(anyFinding, { maxLength: 8 }), (findings) =>
      check(render(findings, format), findings),
    ),
  )
}

describe('reports of lint, before judges that are not ours', () => {
  it('are SARIF 2.1.0 by the schema of its editors', () => {
    // The schema is written in draft 4, of which it uses what has stayed the same, but for the name of `$id`.
    const file = judges.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')
    const { $schema, id, ...schema } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    assert.match(`${String($schema)} ${String(id)}`, /draft-04.*sarif-2\.1\.0/)
    const ajv = new Ajv2020({ strict: false, unicodeRegExp: false })
    addFormats.default(ajv)
    const validate = ajv.compile(schema)
    const check = (report: string) => assert.ok(validate(JSON.parse(report)), JSON.stringify(validate.errors))
    judge('sarif', check)
    const at = { file: 'specs/api.yaml', line: 1, col: 1 }
    const notes = Array.from({ length: 25_001 }, (): Finding => ({
      rule: 'dispatch-missing',
      severity: 'info',
      message: 'GET /pets has no dispatcher.',
      at,
    }))
    check(render(notes, 'sarif'))
    assert.throws(() => check(render(notes.slice(0, 1), 'sarif').replace('"note"', '"notice"')))
  })

  it('are Code Quality by what GitLab documents', () => {
    const text = { type: 'string', minLength: 1 }
    const line = { type: 'integer', minimum: 1 }
    const closed = (properties: object) => {
      return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties }
    }
    const issue = closed({
      description: text,
      check_name: text,
      fingerprint: text,
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: closed({ path: text, lines: closed({ begin: line, end: line }) }),
    })
    const validate = new Ajv2020().compile({ type: 'array', items: issue })
    judge('gitlab', (report, findings) => {
      const issues: unknown = JSON.parse(report)
      assert.ok(validate(issues), JSON.stringify(validate.errors))
      const fingerprints = new Set(
        (issues as { fingerprint: string }[]).map(({ fingerprint }) => fingerprint),
      )
      assert.equal(fingerprints.size, findings.length)
    })
  })

  for (const format of ['junit', 'checkstyle'] as const) {
    it(`are ${format} by a validating parser of XML`, async () => {
      const { XmlDocument, XsdValidator } = (await import(judges.resolve('libxml2-wasm'))) as LibXml
      const file = join(repositoryRoot, 'test/judges', `${format}.xsd`)
      using schema = XmlDocument.fromString(readFileSync(file, 'utf8'))
      using validator = XsdValidator.fromDoc(schema)
      judge(format, (report) => {
        using document = XmlDocument.fromString(report)
        validator.validate(document)
      })
      using other = XmlDocument.fromString('<report/>')
      assert.throws(() => validator.validate(other))
    })
  }
})

/** What is used of libxml2-wasm, which is installed for these tests alone. */
interface LibXml {
  readonly XmlDocument: { readonly fromString: (xml: string) => Disposable }
  readonly XsdValidator: {
    readonly fromDoc: (schema: Disposable) => Disposable & { readonly validate: (xml: Disposable) => void }
  }
}
