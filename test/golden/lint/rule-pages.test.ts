import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { compileRules } from '../../../src/compiler/index.ts'
import { lintProject, rules } from '../../../src/compiler/lint/index.ts'
import { loadProject } from '../../../src/config/index.ts'

const folder = new URL('../../../docs/reference/rules/', import.meta.url)
const context = { plugins: new Set(['my-auth']), allowPlaintext: false }

let base = ''
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'barbacane-rules-'))
})
after(() => rm(base, { recursive: true }))

interface Example {
  readonly files: ReadonlyMap<string, string>
  /** The root documents. */
  readonly roots: readonly string[]
  readonly overlays: readonly string[]
}

/** The fenced blocks of one section: files (`# file: name` names them) or a command line that names the roots. */
function readExample(page: string, heading: string): Example {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  const files = new Map<string, string>()
  const command: string[] = []
  for (const [, language, text = ''] of section.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
    if (language === 'sh') command.push(...text.trim().split(' ').slice(2))
    else files.set(/^# file: (.+)$/m.exec(text)?.[1] ?? 'api.yaml', text)
  }
  const roots = [...files].filter(([, text]) => /^(openapi|asyncapi):/m.test(text)).map(([path]) => path)
  const overlays = [...files].filter(([, text]) => /^overlay:/m.test(text)).map(([path]) => path)
  return { files, roots: command.length > 0 ? command : roots, overlays }
}

async function check(name: string, { files, roots, overlays }: Example) {
  const root = join(base, name)
  await mkdir(root)
  for (const [path, text] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  assert.ok(roots.length > 0, 'the example has no root document')
  const project = files.has('barbacane.yaml') ? await loadProject(join(root, 'barbacane.yaml')) : undefined
  const ruleSettings = project?.ruleSettings ?? []
  return (await lintProject(roots, { ...context, root, overlays, ruleSettings, isWhole: true })).findings
}

describe('the pages of the rules', () => {
  it('say with the reference which errors a project may change', async () => {
    const reference = await readFile(new URL('../linting.md', folder), 'utf8')
    const row = /^\| (.*?) +\| everything: the gateway/m.exec(reference)?.[1] ?? ''
    const free = rules.filter(({ severity, protection }) => severity === 'error' && protection === 'free')
    assert.equal(row, free.map(({ id }) => `\`${id}\``).join(', '))
  })

  it('are one for each rule', async () => {
    const pages = (await readdir(folder))
      .map((name) => name.replace(/\.md$/, ''))
      .filter((id) => id !== 'index')
    assert.deepEqual(pages.toSorted(), [...rules, ...compileRules].map((rule) => rule.id).toSorted())
  })

  for (const { id, code, severity } of rules) {
    it(`show what ${id} finds and where, and how it is corrected`, async () => {
      const page = await readFile(new URL(`${id}.md`, folder), 'utf8')
      assert.ok(page.startsWith(`# ${id}\n`))
      assert.match(page, new RegExp(`^Severity: ${severity}\\b`, 'm'))
      assert.equal(/Code: `(E\d+)`/.exec(page)?.[1], code)

      const incorrect = readExample(page, 'Incorrect')
      const marked = [...incorrect.files].flatMap(([file, text]) =>
        text.split('\n').flatMap((line, index) => (line.endsWith('# here') ? [`${file}:${index + 1}`] : [])),
      )
      const expected = marked.length > 0 ? marked : incorrect.roots.map((root) => `${root}:1`)
      const found = (await check(`${id}-incorrect`, incorrect)).filter((finding) => finding.rule === id)
      assert.deepEqual(
        found.map(({ at }) => `${at.file}:${at.line}`),
        expected,
      )
      for (const finding of found) {
        assert.equal(finding.code, code)
        assert.equal(finding.severity, severity)
        assert.ok(finding.hint !== undefined && finding.hint !== '')
      }
      const rest = await check(`${id}-correct`, readExample(page, 'Correct'))
      // Notes on what an example leaves out for brevity are no matter of it.
      assert.deepEqual(
        rest.filter((finding) => finding.rule === id || finding.severity !== 'info'),
        [],
      )
    })
  }
})
