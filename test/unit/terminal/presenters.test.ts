import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Problem } from '../../../src/domain/index.ts'
import {
  createStyle,
  formatDuration,
  formatSize,
  renderProblem,
  renderTable,
  renderWarning,
} from '../../../src/terminal/index.ts'

const style = createStyle(false)

describe('a problem', () => {
  const problem: Problem = {
    code: 'BCN_TEST_CASE',
    message: 'Two lines\nof \u001b[1mmessage.',
    hint: 'Do it.',
    exit: 2,
    at: { file: 'barbacane.yaml', line: 3, col: 9 },
  }

  it('says what, where, how to fix it and how to learn more', () => {
    assert.equal(
      renderProblem(problem, style),
      [
        'error BCN_TEST_CASE',
        '  barbacane.yaml:3:9: Two lines',
        '  of \\u001b[1mmessage.',
        '  hint: Do it.',
        '  More: barbacane explain BCN_TEST_CASE',
      ].join('\n'),
    )
  })

  it('comes after the findings that caused it', () => {
    const at = { file: 'a.yaml', line: 1, col: 1 }
    const findings = [{ rule: 'r', severity: 'error', message: 'm', at } as const]
    assert.match(
      renderProblem({ ...problem, findings }, style),
      /^a\.yaml\n {2}1:1 {2}error {4}m {2}r\n\n1 error in 1 file\.\n\nerror BCN/,
    )
  })
})

describe('a problem in GitHub Actions', () => {
  it('annotates the places of its findings', () => {
    const at = { file: 'a.yaml', line: 1, col: 1 }
    const findings = [{ rule: 'r', severity: 'error', message: 'm', at } as const]
    const problem: Problem = { code: 'BCN_TEST', message: 'x', hint: 'y', exit: 3, findings }
    assert.match(
      renderProblem(problem, style, 'github'),
      /^::error file=a\.yaml,line=1,col=1,title=r::m\n1 error in 1 file\.\n\nerror BCN_TEST\n/,
    )
  })
})

describe('a warning', () => {
  it('is one line, with the hint below', () => {
    const at = { file: 'a.yaml', line: 1, col: 1 }
    assert.equal(
      renderWarning({ message: 'm', rule: 'r', hint: 'h', at }, style),
      'warning a.yaml:1:1: m [r]\n  hint: h',
    )
    assert.equal(renderWarning({ message: 'm' }, style), 'warning m')
  })
})

describe('a table', () => {
  it('aligns by what is seen, not by escape sequences or code units', () => {
    const columns = [{ header: 'NAME' }, { header: 'SIZE', align: 'right' }, { header: 'NOTE' }] as const
    const rows = [
      [createStyle(true).red('é👩‍🚀'), '12', 'a'],
      ['longer name', '3', ''],
    ]
    assert.equal(
      renderTable(columns, rows, style),
      [
        'NAME         SIZE  NOTE',
        `${createStyle(true).red('é👩‍🚀')}             12  a`,
        'longer name     3',
      ].join('\n'),
    )
  })
})

describe('quantities', () => {
  it('are sizes in binary units', () => {
    const sizes = [0, 1023, 1024, 1536, 1024 ** 2 - 1, 5 * 1024 ** 3]
    assert.deepEqual(sizes.map(formatSize), ['0 B', '1023 B', '1 KiB', '1.5 KiB', '1 MiB', '5 GiB'])
  })

  it('are durations in the units people use', () => {
    const durations = [0.4, 999.4, 999.6, 1540, 59_960, 125_000, 3_600_000, 11_040_000]
    assert.deepEqual(durations.map(formatDuration), [
      '0 ms',
      '999 ms',
      '1 s',
      '1.5 s',
      '1 min',
      '2 min 5 s',
      '1 h',
      '3 h 4 min',
    ])
  })
})
