import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

import { functionNames } from '../../../src/predicate/functions/index.ts'

describe('docs/reference/predicates.md', () => {
  it('has every function', () => {
    const page = readFileSync(new URL('../../../docs/reference/predicates.md', import.meta.url), 'utf8')
    for (const style of ['function', 'method'] as const) {
      for (const name of functionNames(style)) {
        assert.ok(page.includes(style === 'method' ? `.${name}(` : `${name}(`), `${style} ${name}`)
      }
    }
  })
})
