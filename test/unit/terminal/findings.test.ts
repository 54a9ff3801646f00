import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'

import type { Finding } from '../../../src/domain/index.ts'
import { createStyle, renderFindings, type FindingsContext } from '../../../src/terminal/index.ts'
import { anyFinding } from '../../support/any-finding.ts'
import { sarifSchema } from '../../support/sarif-schema.ts'

const context: FindingsContext = {
  style: createStyle(false),
  files: ['specs/api.yaml', 'specs/other one.yaml'],
  rules: [{ id: 'dispatch-missing', summary: 'Every operation names a dispatcher.' }],
  version: '1.2.3',
}

const missing: Finding = {
  rule: 'dispatch-missing',
  code: 'E1020',
  severity: 'error',
  message: 'GET /pets has no dispatcher.',
  hint: 'Add x-barbacane-dispatch.',
  at: { file: 'specs/api.yaml', line: 2, col: 3, endLine: 2, endCol: 6, pointer: '/paths/~1pets/get' },
}
const unused: Finding = {
  rule: 'schema-unused',
  severity: 'warning',
  message: 'Nothing refers to Pet.',
  at: { file: 'specs/api.yaml', line: 10, col: 1 },
}

function many(count: number): readonly Finding[] {
  return Array.from({ length: count }, (_, index) => ({
    ...(index % 3 === 0 ? unused : missing),
    at: { ...missing.at, line: index + 1 },
  }))
}

describe('findings as text', () => {
  it('are grouped by file, with the counts in the last line', () => {
    const elsewhere = { ...missing, at: { ...missing.at, file: 'specs/other one.yaml' } }
    assert.equal(
      renderFindings([missing, unused, elsewhere], 'text', context),
      [
        'specs/api.yaml',
        '  2:3   error    GET /pets has no dispatcher.  dispatch-missing E1020',
        '        hint: Add x-barbacane-dispatch.',
        '  10:1  warning  Nothing refers to Pet.  schema-unused',
        '',
        'specs/other one.yaml',
        '  2:3  error    GET /pets has no dispatcher.  dispatch-missing E1020',
        '',
        '2 errors, 1 warning in 2 files.',
      ].join('\n'),
    )
  })

  it('are told once where several stand in one place', () => {
    const alias = { ...missing, at: { ...missing.at, pointer: '/paths/~1birds/get' } }
    assert.match(
      renderFindings([missing, alias, unused], 'text', context),
      /dispatch-missing E1020 ×2\n[^\n]*hint[^\n]*\n {2}10:1 .*schema-unused\n\n2 errors, 1 warning/,
    )
  })

  it('show the place where the source is known', () => {
    const sourceOf = () => 'paths:\n\tget: {}\nend'
    assert.match(
      renderFindings([missing], 'text', { ...context, sourceOf }),
      /\n {7}1 \| paths:\n {7}2 \| {2}get: \{\}\n {7} {2}\| {3}\^\^\^\n/,
    )
  })

  it('cut a long line around the place', () => {
    const sourceOf = () => `${'a'.repeat(500)}HERE${'b'.repeat(5000)}`
    const at = { file: 'a.json', line: 1, col: 501, endLine: 1, endCol: 505 }
    const lines = renderFindings([{ ...missing, at }], 'text', { ...context, sourceOf }).split('\n')
    const [source, carets] = lines.slice(3, 5) as [string, string]
    assert.ok(source.length < 120)
    assert.equal(carets.indexOf('^'), source.indexOf('HERE'))
    assert.match(carets, /\^{4}$/)
  })

  it('stay readable by the dozen: each hint once, no frames, counted by rule', () => {
    const text = renderFindings(many(60), 'text', { ...context, sourceOf: () => 'x\n'.repeat(400) })
    assert.equal(text.match(/hint:/g)?.length, 1)
    assert.doesNotMatch(text, /\^/)
    assert.match(
      text,
      /By rule\n {2}40 {2}dispatch-missing\n {2}20 {2}schema-unused\n\n40 errors, 20 warnings in 1 file\.$/,
    )
  })

  it('stay readable by the hundred: some of each rule, the gravest first', () => {
    assert.equal(
      renderFindings(many(300), 'text', context),
      `error    dispatch-missing E1020  200 in 1 file
  hint: Add x-barbacane-dispatch.
  specs/api.yaml:2:3  GET /pets has no dispatcher.
  specs/api.yaml:3:3  GET /pets has no dispatcher.
  specs/api.yaml:5:3  GET /pets has no dispatcher.
  specs/api.yaml:6:3  GET /pets has no dispatcher.
  specs/api.yaml:8:3  GET /pets has no dispatcher.
  and 195 more

warning  schema-unused  100 in 1 file
  specs/api.yaml:1:3  Nothing refers to Pet.
  specs/api.yaml:4:3  Nothing refers to Pet.
  specs/api.yaml:7:3  Nothing refers to Pet.
  specs/api.yaml:10:3  Nothing refers to Pet.
  specs/api.yaml:13:3  Nothing refers to Pet.
  and 95 more

200 errors, 100 warnings in 1 file.`,
    )
    const all = renderFindings(many(300), 'text', { ...context, maxListed: 300 })
    assert.equal(all.match(/Nothing refers to Pet/g)?.length, 100)
    assert.match(
      renderFindings([missing], 'text', { ...context, maxListed: 0 }),
      /^error {4}dispatch-missing E1020 {2}1 in 1 file/,
    )
  })

  it('cannot steer the terminal', () => {
    const evil = { ...missing, message: 'a\u001b[2Jb\u202ec\nd', at: { ...missing.at, file: 'x\u0007.yaml' } }
    const text = renderFindings([evil], 'text', context)
    assert.match(text, /a\\u001b\[2Jb\\u202ec d/)
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/)
  })

  it('say so when there are none', () => {
    assert.equal(renderFindings([], 'text', context), 'ok No findings in 2 files.')
  })
})

describe('findings as JSON', () => {
  it('are the data itself with the counts', () => {
    assert.deepEqual(JSON.parse(renderFindings([missing, unused], 'json', context)), {
      files: context.files,
      findings: [missing, unused],
      counts: { error: 1, warning: 1, info: 0 },
    })
  })
})

describe('findings as SARIF', () => {
  interface Run {
    tool: { driver: { name: string; version: string; rules: { id: string; helpUri: string }[] } }
    columnKind: string
    invocations?: [{ toolExecutionNotifications: { message: { text: string } }[] }]
    results: {
      ruleId: string
      ruleIndex: number
      level: string
      message: { text: string }
      locations: { physicalLocation: { artifactLocation: { uri: string }; region: object } }[]
      partialFingerprints: Record<string, string>
    }[]
  }
  const runOf = (findings: readonly Finding[]) => {
    const log = JSON.parse(renderFindings(findings, 'sarif', context)) as { version: string; runs: [Run] }
    assert.equal(log.version, '2.1.0')
    return log.runs[0]
  }

  it('name the tool, every rule with its page, and every place as a region', () => {
    const note: Finding = {
      ...unused,
      severity: 'info',
      at: { file: 'specs/other one.yaml', line: 1, col: 5 },
    }
    const run = runOf([missing, unused, note])
    assert.equal(run.tool.driver.version, '1.2.3')
    assert.equal(run.columnKind, 'utf16CodeUnits')
    for (const rule of run.tool.driver.rules) assert.ok(URL.canParse(rule.helpUri))
    for (const result of run.results) {
      assert.equal(run.tool.driver.rules[result.ruleIndex]?.id, result.ruleId)
      assert.equal(result.locations.length, 1)
    }
    assert.deepEqual(
      run.results.map(({ level }) => level),
      ['error', 'warning', 'note'],
    )
    assert.deepEqual(run.results[0]?.locations[0]?.physicalLocation.region, {
      startLine: 2,
      startColumn: 3,
      endLine: 2,
      endColumn: 6,
    })
    assert.deepEqual(run.results[2]?.locations[0]?.physicalLocation.region, {
      startLine: 1,
      startColumn: 5,
      endLine: 1,
      endColumn: 6,
    })
    assert.equal(
      run.results[2]?.locations[0]?.physicalLocation.artifactLocation.uri,
      'specs/other%20one.yaml',
    )
  })

  it('name what stands in the network by its URL', () => {
    const at = { ...missing.at, file: 'https://schemas.example.com/a%20b.yaml?v=1' }
    const { artifactLocation } = runOf([{ ...missing, at }]).results[0]?.locations[0]?.physicalLocation ?? {}
    assert.deepEqual(artifactLocation, { uri: at.file })
  })

  it('stop, with the gravest, at the number of results that GitHub takes', () => {
    const notes = many(25_001).map((finding) => ({ ...finding, severity: 'info' as const }))
    const run = runOf([...notes, missing])
    assert.equal(run.results.length, 25_000)
    assert.equal(run.results.at(-1)?.level, 'error')
    const [notification] = run.invocations?.[0].toolExecutionNotifications ?? []
    assert.match(notification?.message.text ?? '', /^2 more findings are left out/)
  })

  it('keep the fingerprint of a finding that only moved, and tell equal findings apart', () => {
    const fingerprints = (findings: readonly Finding[]) =>
      runOf(findings).results.map((result) => result.partialFingerprints['barbacaneFinding/v1'])
    const moved = { ...missing, at: { ...missing.at, line: 90, endLine: 90 } }
    assert.deepEqual(fingerprints([missing]), fingerprints([moved]))
    assert.notDeepEqual(fingerprints([missing]), fingerprints([{ ...missing, message: 'Else.' }]))
    assert.equal(new Set(fingerprints([missing, moved, unused])).size, 3)
  })
})

describe('findings as SARIF, whatever they say', () => {
  const validate = new Ajv2020({
    strict: true,
    formats: { 'uri-reference': true, uri: (text: string) => URL.canParse(text) },
  }).compile(sarifSchema)
  it('fit the format', () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { maxLength: 6 }), (findings) => {
        const log: unknown = JSON.parse(renderFindings(findings, 'sarif', context))
        assert.ok(validate(log), JSON.stringify(validate.errors))
      }),
    )
    assert.equal(validate({ version: '2.1.0', runs: [{}] }), false)
  })
})

describe('findings as a Code Quality report of GitLab', () => {
  it('have lines from 1 and fingerprints that stay when lines move', () => {
    const moved = { ...missing, at: { ...missing.at, line: 90, endLine: 91 } }
    const issues = JSON.parse(renderFindings([missing, moved, unused], 'gitlab', context)) as unknown[]
    const fingerprints = issues.map((issue) => (issue as { fingerprint: string }).fingerprint)
    assert.deepEqual(issues[1], {
      description: 'GET /pets has no dispatcher. Add x-barbacane-dispatch.',
      check_name: 'dispatch-missing',
      fingerprint: fingerprints[1],
      severity: 'major',
      location: { path: 'specs/api.yaml', lines: { begin: 90, end: 91 } },
    })
    assert.equal(new Set(fingerprints).size, 3)
    const [alone] = JSON.parse(renderFindings([moved], 'gitlab', context)) as { fingerprint: string }[]
    assert.equal(alone?.fingerprint, fingerprints[0])
    assert.equal(renderFindings([], 'gitlab', context), '[]')
  })
})

describe('findings as Checkstyle', () => {
  it('are errors of their file', () => {
    assert.equal(
      renderFindings([missing, unused], 'checkstyle', context),
      `<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
  <file name="specs/api.yaml">
    <error line="2" column="3" severity="error" message="GET /pets has no dispatcher.&#10;Add x-barbacane-dispatch." source="barbacane.dispatch-missing"/>
    <error line="10" column="1" severity="warning" message="Nothing refers to Pet." source="barbacane.schema-unused"/>
  </file>
</checkstyle>`,
    )
  })
})

describe('findings as Markdown', () => {
  it('are a table for each file below the counts', () => {
    const elsewhere = { ...unused, severity: 'info' as const, at: { ...unused.at, file: 'b.yaml' } }
    assert.equal(
      renderFindings([missing, unused, elsewhere], 'markdown', context),
      `<!-- barbacane lint -->
## 1 error, 1 warning, 1 note in 2 files

### specs/api.yaml

| Line | Severity | Finding | Rule |
|---:|---|---|---|
| 2:3 | error | GET /pets has no dispatcher.<br>Add x-barbacane-dispatch. | \`dispatch-missing\` |
| 10:1 | warning | Nothing refers to Pet. | \`schema-unused\` |

### b.yaml

| Line | Severity | Finding | Rule |
|---:|---|---|---|
| 10:1 | info | Nothing refers to Pet. | \`schema-unused\` |`,
    )
    assert.equal(
      renderFindings([], 'markdown', context),
      '<!-- barbacane lint -->\n## No findings in 2 files',
    )
  })

  it('keep code, and let a description write no markup and mention nobody', () => {
    const odd = { ...unused, message: 'a `b|<i>` | <img src=x> [x](y) @team `' }
    const row = (message: string) =>
      renderFindings([{ ...odd, message }], 'markdown', context)
        .split('\n')
        .at(-1)
    assert.equal(
      row('`a|b` is <b> @team'),
      String.raw`| 10:1 | warning | \`a\|b\` is &#60;b&#62; @<!-- -->team | \`schema-unused\` |`.replaceAll(
        String.raw`\``,
        '`',
      ),
    )
    assert.doesNotMatch(row(odd.message) ?? '', /<img|\[x\]|[^\\]\|<i>/)
  })

  it('end behind a table that fits into a comment, and say what is missing', () => {
    const files = Array.from({ length: 60 }, (_, index) => `f${index}.yaml`)
    const findings = files.flatMap((file) =>
      many(30).map((finding) => ({ ...finding, at: { ...finding.at, file } })),
    )
    for (const found of [
      findings,
      many(3000),
      many(1).map((one) => ({ ...one, message: 'x'.repeat(70_000) })),
    ]) {
      const text = renderFindings(found, 'markdown', context)
      assert.ok(text.length <= 60_000, String(text.length))
      const rows = text.match(/^\| \d/gm)?.length ?? 0
      const left = Number(/\*\*(\d+) more findings?\*\* would make/.exec(text)?.[1])
      assert.equal(rows + left, found.length)
    }
    assert.equal((renderFindings(findings, 'markdown', context).match(/^\| \d/gm)?.length ?? 0) % 30, 0)
  })
})

describe('findings as GitHub annotations', () => {
  it('escape what would end a property or the command', () => {
    const odd = { ...missing, message: '100%\nof it', hint: 'b', at: { ...missing.at, file: 'a,b:c.yaml' } }
    assert.equal(
      renderFindings([odd], 'github', { ...context, files: ['a,b:c.yaml'] }),
      '::error file=a%2Cb%3Ac.yaml,line=2,endLine=2,col=3,endColumn=6,title=dispatch-missing::100%25%0Aof it%0Ab\n1 error in 1 file.',
    )
  })

  it('leave out columns where the lines differ', () => {
    const block = { ...missing, at: { ...missing.at, endLine: 4 } }
    assert.match(
      renderFindings([block], 'github', context),
      /^::error file=specs\/api\.yaml,line=2,endLine=4,title=/,
    )
  })

  it('stop at the limit of each kind and list the rest as plain lines', () => {
    const lines = renderFindings(many(60), 'github', context).split('\n')
    assert.equal(lines.filter((line) => line.startsWith('::error ')).length, 10)
    assert.equal(lines.filter((line) => line.startsWith('::warning ')).length, 10)
    assert.equal(lines.filter((line) => line.startsWith('- ')).length, 40)
    assert.match(lines[20] ?? '', /^And 30 errors, 10 warnings more/)
    assert.equal(lines.at(-1), '40 errors, 20 warnings in 2 files.')
  })

  it('group the rest by rule where it is much', () => {
    const lines = renderFindings(many(3000), 'github', context).split('\n')
    assert.equal(lines.filter((line) => line.startsWith('::')).length, 20)
    assert.match(lines[21] ?? '', /^error {4}dispatch-missing E1020 {2}1990 in 1 file$/)
    assert.ok(lines.length < 50, String(lines.length))
    assert.equal(lines.at(-1), '2000 errors, 1000 warnings in 2 files.')
  })

  it('give no finding a line that is a command', () => {
    const texts = fc.string({ unit: fc.constantFrom(':', '\n', '\r', '%', ',', 'error', ' ') })
    fc.assert(
      fc.property(texts, texts, fc.constantFrom(60, 200), (message, file, count) => {
        const findings = many(count).map((finding) => ({ ...finding, message, at: { ...finding.at, file } }))
        const commands = renderFindings(findings, 'github', context)
          .split(/[\r\n]/)
          .filter((line) => line.trimStart().startsWith('::'))
        assert.equal(commands.length, 20)
      }),
    )
  })
})

describe('findings as JUnit', () => {
  it('are failures of the suite of their file; a file without findings passes', () => {
    assert.equal(
      renderFindings([missing], 'junit', context),
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="barbacane lint" tests="2" failures="1" errors="0">
  <testsuite name="specs/api.yaml" tests="1" failures="1" errors="0" skipped="0">
    <testcase classname="specs/api.yaml" name="dispatch-missing at 2:3">
      <failure type="dispatch-missing" message="GET /pets has no dispatcher.">specs/api.yaml:2:3 error: GET /pets has no dispatcher.
Add x-barbacane-dispatch.
/paths/~1pets/get</failure>
    </testcase>
  </testsuite>
  <testsuite name="specs/other one.yaml" tests="1" failures="0" errors="0" skipped="0">
    <testcase classname="specs/other one.yaml" name="no findings"/>
  </testsuite>
</testsuites>`,
    )
  })

  it('are well-formed whatever a description says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (message) => {
        const xml = renderFindings([{ ...missing, message }], 'junit', context)
        const withoutTags = xml.replaceAll(/<\/?[a-z]+( [a-z]+="[^"<]*")*\/?>|<\?xml [^>]*\?>/g, '')
        assert.doesNotMatch(withoutTags, /[<>"']|&(?!(amp|lt|gt|quot|apos);)/)
        assert.doesNotMatch(xml, /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u)
      }),
    )
  })
})
