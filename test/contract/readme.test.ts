import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'

import { runnableBlocks } from '../support/run-document.ts'
import { repositoryRoot } from '../support/source-tree.ts'

const documents = globSync(
  ['*.md', 'docs/**/*.md', 'examples/*/README.md', 'templates/*/README.md', 'bench/*.md'],
  { cwd: repositoryRoot },
).toSorted()

function read(path: string): string {
  return readFileSync(join(repositoryRoot, path), 'utf8')
}

/** GitHub's anchor of a heading. */
function anchorOf(heading: string): string {
  const words = heading.replaceAll(/[`*]/g, '').toLowerCase()
  return words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-')
}

function anchorsOf(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```.*?^```$/gms, '')
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading as string))
}

function linksOf(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```.*?^```$/gms, '').replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link as string)
}

function leadsSomewhere(from: string, link: string): boolean {
  const [file, anchor] = link.split('#') as [string, string?]
  const target = file === '' ? from : join(dirname(from), file)
  if (!existsSync(join(repositoryRoot, target))) return false
  return anchor === undefined || anchorsOf(read(target)).includes(anchor)
}

describe('the documentation', () => {
  it('links only to what is there', () => {
    const broken = documents.flatMap((path) =>
      linksOf(read(path))
        .filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(path, link))
        .map((link) => `${path}: ${link}`),
    )
    assert.deepEqual(broken, [])
  })
})

describe('docs/', () => {
  it('lists every page, and every decision', () => {
    const linked = (index: string) => linksOf(read(index)).map((link) => join(dirname(index), link))
    const listed = new Set([...linked('docs/README.md'), ...linked('docs/adr/README.md')])
    const pages = documents.filter((path) =>
      /^docs\/(?!reference\/(errors|plugins|rules)\/|.*README)/.test(path),
    )
    assert.deepEqual(
      pages.filter((path) => !listed.has(path)),
      [],
    )
  })
})

describe('README.md', () => {
  it('is a landing page whose commands are run', () => {
    assert.ok(read('README.md').split('\n').length <= 200)
    assert.ok(runnableBlocks(read('README.md')).length > 0)
  })

  it('has the two commands that CI runs', () => {
    const ci = read('.ci/run')
    for (const command of ['npm ci', 'npm start', 'npm test']) {
      assert.match(read('README.md'), new RegExp(command))
      assert.match(ci, new RegExp(command))
    }
  })

  it('names only commands that exist', () => {
    const described = documents.filter((path) => !path.startsWith('docs/reference/errors/'))
    const named = described.flatMap((path) =>
      [...read(path).matchAll(/(?:^|\$ |npx |`)barbacane ([a-z]+(?: [a-z]+)?)/gm)].map(
        ([, command]) => command as string,
      ),
    )
    const commands = globSync('src/commands/**/*.ts', { cwd: repositoryRoot })
    for (const words of new Set(named)) {
      const [command = '', second] = words.split(' ')
      const paths = [command, `${command}/${second}`].map((path) => `src/commands/${path}.ts`)
      const isThere = paths.some((path) => commands.includes(path))
      assert.ok(isThere || ['help', 'autocomplete', 'plugins'].includes(command), `barbacane ${words}`)
    }
  })
})
