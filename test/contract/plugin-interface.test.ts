import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { repositoryRoot } from '../support/source-tree.ts'

const read = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8')
const page = read('docs/reference/plugin-interface.md')
const tests = globSync(['test/{unit,e2e}/**/*.test.ts'], { cwd: repositoryRoot }).map(read).join('\n')

describe('docs/reference/plugin-interface.md', () => {
  it('has numbered paragraphs, each of which a test names', () => {
    const headings = Array.from(page.matchAll(/^## (.*)$/gm), ([, heading = '']) => heading)
    assert.deepEqual(
      headings.map((heading) => heading.split('.')[0]),
      headings.map((_, index) => String(index + 1)),
    )
    for (const heading of headings) {
      const named = `§${heading.replace('. ', ' ')}`
      assert.ok(tests.includes(`plugin interface ${named}`), `no test names ${named}`)
    }
  })
})
