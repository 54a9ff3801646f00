import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import type { Finding } from '../../../src/domain/index.ts'
import { createStyle, renderFindings, type FindingsContext } from '../../../src/terminal/index.ts'

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

  it('stay readable by the hundred: each hint once, no frames, counted by rule', () => {
    const text = renderFindings(many(300), 'text', { ...context, sourceOf: () => 'x\n'.repeat(400) })
    assert.equal(text.match(/hint:/g)?.length, 1)
    assert.doesNotMatch(text, /\^/)
    assert.match(
      text,
      /By rule\n {2}200 {2}dispatch-missing\n {2}100 {2}schema-unused\n\n200 errors, 100 warnings in 1 file\.$/,
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

  it('keep the fingerprint of a finding that only moved, and tell equal findings apart', () => {
    const fingerprints = (findings: readonly Finding[]) =>
      runOf(findings).results.map((result) => result.partialFingerprints['barbacaneFinding/v1'])
    const moved = { ...missing, at: { ...missing.at, line: 90, endLine: 90 } }
    assert.deepEqual(fingerprints([missing]), fingerprints([moved]))
    assert.notDeepEqual(fingerprints([missing]), fingerprints([{ ...missing, message: 'Else.' }]))
    assert.equal(new Set(fingerprints([missing, moved, unused])).size, 3)
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

  it('give no finding a line that is a command', () => {
    const texts = fc.string({ unit: fc.constantFrom(':', '\n', '\r', '%', ',', 'error', ' ') })
    fc.assert(
      fc.property(texts, texts, (message, file) => {
        const findings = many(60).map((finding) => ({ ...finding, message, at: { ...finding.at, file } }))
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
