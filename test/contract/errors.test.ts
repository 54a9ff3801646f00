import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { ExitCode, type ProblemCode } from '../../src/domain/index.ts'
import { readErrorCodes } from '../support/error-codes.ts'
import { readSourceTree, repositoryRoot } from '../support/source-tree.ts'

const folder = join(repositoryRoot, 'docs/reference/errors')
const problems = await readErrorCodes()
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'))
const headings = ['## Meaning', '## Why it happens', '## Fix', '## Example']

describe('error codes', () => {
  it('are all found: every code that the source names is in a catalogue', () => {
    for (const { path, text } of readSourceTree()) {
      // It holds an example in its comment.
      if (path === 'domain/problem.ts') continue
      for (const [, code] of text.matchAll(/\.(BCN_[A-Z0-9_]+)\(/g)) {
        assert.ok(problems.has(code as ProblemCode), `src/${path} throws ${code}`)
      }
    }
  })

  it('have a page each, and every page has a code', () => {
    assert.deepEqual(pages.toSorted(), [...problems.keys()].map((code) => `${code}.md`).toSorted())
  })

  it('say in the message what happened and in the hint what to do', () => {
    for (const { code, message, hint } of problems.values()) {
      // The message of a usage error is the parameter itself.
      const [what, fix] = [message, hint].map(String) as [string, string]
      assert.ok(what !== '' && fix.length > 10, code)
      assert.doesNotMatch(what + fix, /undefined|\[object/, code)
    }
  })

  it('are explained under the same headings, with the exit code they have', () => {
    for (const [code, { exit }] of problems) {
      const page = readFileSync(join(folder, `${code}.md`), 'utf8')
      const found = page.match(/^##? .*$/gm) ?? []
      assert.deepEqual(found, [`# ${code}`, ...headings], code)
      assert.match(page, new RegExp(`^Exit code: ${exit} \\(`, 'm'), code)
      for (const heading of headings) {
        const section = page.split(`${heading}\n`)[1]?.split(/^## /m)[0]?.trim() ?? ''
        assert.ok(section.length > 20, `${code}: ${heading} is empty`)
      }
      assert.ok(page.includes(`error ${code}\n`), `${code}: the example shows the error`)
    }
  })
})

describe('exit codes', () => {
  it('are the ones of their page', () => {
    const page = readFileSync(join(repositoryRoot, 'docs/reference/exit-codes.md'), 'utf8')
    const rows = [...page.matchAll(/^\| (\d+) \| (\w+) \| .+ \|$/gm)].map(([, code, name]) => [
      name,
      Number(code),
    ])
    assert.deepEqual(Object.fromEntries(rows), { ...ExitCode })
  })
})
