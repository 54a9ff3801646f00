import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createStyle, renderDiff, renderDiffMarkdown } from '../../../../src/terminal/index.ts'

type Page = Parameters<typeof renderDiffMarkdown>[0]
type Change = Page['changes'][number]

function change(members: Partial<Change> & { readonly operation?: string | null } = {}): Change {
  const { operation = 'GET /a', ...rest } = members
  return {
    id: 'schema-range-narrowed',
    subject: { operation, pointer: '/x' },
    level: 'breaking',
    before: 2,
    after: 1,
    reason: 'Because.',
    ...rest,
  }
}

function page(changes: readonly Change[], added: readonly string[] = []): Page {
  const count = (level: Change['level']) => changes.filter((one) => one.level === level).length
  const counts = { breaking: count('breaking'), risky: count('risky'), safe: count('safe') }
  return { before: 'old', after: 'new', changes, counts, operations: { added, changed: [], removed: [] } }
}

const plain = createStyle(false)

describe('renderDiff', () => {
  it('prints breaking first, the same change of several operations once, and counts in the last line', () => {
    const changes = [change({ level: 'safe', operation: null }), change(), change({ operation: 'GET /b' })]
    assert.equal(
      renderDiff(page(changes), plain),
      [
        'BREAKING',
        '  schema-range-narrowed  GET /a and 1 more /x',
        '    2 → 1',
        '    Because.',
        '',
        'SAFE',
        '  schema-range-narrowed  /x',
        '    2 → 1',
        '    Because.',
        '',
        '2 breaking, 0 risky, 1 safe.',
      ].join('\n'),
    )
  })

  it('steers no terminal, and cuts long values', () => {
    const text = renderDiff(
      page([change({ operation: 'GET /\u001b[2J', before: 'x'.repeat(200), after: '\n' })]),
      plain,
    )
    assert.ok(text.includes('GET /\\u001b[2J'))
    assert.ok(text.includes(`${'x'.repeat(79)}…`))
    assert.ok(!text.includes('\u001b'))
  })

  it('says when there is nothing', () => {
    assert.equal(renderDiff(page([]), plain), 'ok No differences.')
  })
})

describe('renderDiffMarkdown', () => {
  it('has a headline, breaking changes, the operations, and the rest folded', () => {
    const text = renderDiffMarkdown(page([change(), change({ level: 'risky' })], ['PUT /a|b']))
    const order = [
      '## API: 1 breaking, 1 risky, 0 safe',
      '### Breaking',
      'PUT /a\\|b',
      '<details>',
      '**Risky**',
      '</details>',
    ]
    const places = order.map((part) => text.indexOf(part))
    assert.ok(!places.includes(-1), text)
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    )
  })

  it('keeps what comes from a description in code spans', () => {
    const text = renderDiffMarkdown(page([change({ operation: 'GET /``</details>@team' })]))
    assert.ok(text.includes('``` GET /``</details>@team ```'), text)
  })

  it('is cut between two changes before a comment is too long, with everything closed', () => {
    for (const level of ['breaking', 'safe'] as const) {
      const many = Array.from({ length: 5000 }, (_, at) =>
        change({ level, operation: `GET /${at}`, after: at }),
      )
      const text = renderDiffMarkdown(page(many))
      assert.ok(text.length > 50_000 && text.length <= 60_000, String(text.length))
      assert.match(text, /Because\.\n\n\*More is left out/)
      assert.equal(text.includes('<details>'), text.includes('</details>'))
    }
  })
})
