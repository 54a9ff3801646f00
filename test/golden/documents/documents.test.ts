import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { lintProject } from '../../../src/compiler/lint/index.ts'
import { planRoutes } from '../../../src/compiler/plan/index.ts'

const folder = import.meta.dirname
const readme = readFileSync(join(folder, 'README.md'), 'utf8')

async function errorsOf(path: string): Promise<readonly string[]> {
  const context = { root: folder, plugins: new Set<string>(), allowPlaintext: false }
  const { set, findings } = await lintProject([path], context)
  const all = findings.some(({ severity }) => severity === 'error')
    ? findings
    : [...findings, ...planRoutes(set).findings]
  return all.flatMap(({ severity, rule, message }) => (severity === 'error' ? [`${rule} ${message}`] : []))
}

describe('of the documents', () => {
  for (const kind of ['pass', 'fail']) {
    for (const file of readdirSync(join(folder, kind))) {
      it(`${kind}/${file} ${kind === 'pass' ? 'has no error' : 'has one, of one rule'}`, async () => {
        const path = `${kind}/${file}`
        const [, clause] = /^# (.+)$/m.exec(readFileSync(join(folder, path), 'utf8')) ?? []
        const rows = readme.split('\n').map((row) => row.split('|').map((cell) => cell.trim()))
        assert.ok(
          rows.some(([, name, text]) => name === `\`${path}\`` && text === clause),
          'README.md says so',
        )
        const errors = await errorsOf(path)
        const rules = new Set(errors.map((error) => error.split(' ')[0]))
        assert.equal(rules.size, kind === 'pass' ? 0 : 1, errors.join('\n'))
      })
    }
  }
})
