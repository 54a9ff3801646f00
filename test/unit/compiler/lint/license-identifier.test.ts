import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { lint } from '../../../../src/compiler/lint/index.ts'
import { documentSet } from '../../../support/documents.ts'

/** What is said of the identifier of a licence. */
function warnings(identifier: string): readonly string[] {
  const license = JSON.stringify({ name: 'n', identifier })
  const text = `openapi: 3.1.0\ninfo: { title: t, version: '1', license: ${license} }\npaths: {}\n`
  return lint(documentSet({ 'api.yaml': text }), { plugins: new Set(), allowPlaintext: false })
    .filter(({ rule }) => rule === 'license-identifier')
    .map(({ at, message, hint }) => `${at.line}:${at.col} ${message}. ${hint}`)
}

describe('license-identifier', () => {
  it('takes identifiers of the list, expressions of them, and names of licences that are not listed', () => {
    const expressions = [
      'MIT',
      '(MIT OR Apache-2.0) AND LicenseRef-ours',
      'GPL-2.0-only WITH Classpath-exception-2.0',
    ]
    for (const expression of expressions) assert.deepEqual(warnings(expression), [], expression)
  })

  it('warns of everything else, and says what may have been meant', () => {
    assert.deepEqual(warnings('Apache 2.0'), [
      '2:67 "Apache 2.0" is no SPDX licence expression. Did you mean `Apache-2.0`?',
    ])
    for (const text of ['', 'MIT OR', 'Proprietary', 'MIT WITH MIT']) {
      assert.match(warnings(text).join('\n'), /is no SPDX licence expression\. Write identifiers/, text)
    }
  })
})
