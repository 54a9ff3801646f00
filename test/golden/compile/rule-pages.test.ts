import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { compileProject, compileRules } from '../../../src/compiler/index.ts'
import { loadProject } from '../../../src/config/index.ts'
import { isProblemError, type Finding } from '../../../src/domain/index.ts'
import { repositoryRoot } from '../../support/source-tree.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { withManifest } from '../../support/wasm.ts'
import { assemble } from '../../support/wat.ts'

type Files = Readonly<Record<string, string | Uint8Array>>

/**
 * The files of one section of a page by path: YAML (`# file: path` in front where it is not the description), and
 * plugins as the text form of their module, with the manifest in them as TOML.
 */
function exampleOf(page: string, heading: string): Files {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  const blocks = [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text = '']) => ({
    language,
    text,
  }))
  const manifest = blocks.find(({ language }) => language === 'toml')?.text ?? ''
  const files = blocks.flatMap(({ language, text }): [string, string | Uint8Array][] => {
    const path = /^(?:#|;;) file: (.+)$/m.exec(text)?.[1] ?? 'specs/api.yaml'
    if (language === 'wat') return [[path, moduleOf(text, manifest)]]
    return language === 'yaml' ? [[path, text]] : []
  })
  assert.ok(files.length > 0, `${heading} has no example`)
  return Object.fromEntries(files)
}

function moduleOf(text: string, manifest: string): Uint8Array {
  return withManifest(assemble(text), manifest)
}

/** The file and line that a comment marks. */
function markedLine(files: Files): string {
  const marked = Object.entries(files).flatMap(([file, text]) => {
    const line = typeof text === 'string' ? text.split('\n').findIndex((line) => line.endsWith('# here')) : -1
    return line < 0 ? [] : [`${file}:${line + 1}`]
  })
  return marked.join()
}

/** Notes on what an example leaves out for brevity are no matter of it. */
function isGrave({ severity }: Finding): boolean {
  return severity !== 'info'
}

async function compileExample(files: Files): Promise<readonly Finding[]> {
  await using folder = await temporaryFolder({ 'barbacane.yaml': 'version: 1\n', ...files })
  const project = await loadProject(join(folder.path, 'barbacane.yaml'))
  try {
    const { findings } = await compileProject(project, {
      allowPlaintext: false,
      buildTimestamp: '2026-01-02T03:04:05Z',
      provenance: { commit: null, source: null, dirty: null },
      compiler: { name: 'barbacane', version: '0.0.0' },
    })
    return findings.filter(isGrave)
  } catch (error) {
    if (!isProblemError(error)) throw error
    return (error.problem.findings ?? []).filter(isGrave)
  }
}

describe('the pages of the rules of compile', () => {
  for (const { id, severity } of compileRules) {
    it(`show what ${id} finds and where, and how it is corrected`, async () => {
      const page = await readFile(join(repositoryRoot, 'docs/reference/rules', `${id}.md`), 'utf8')
      assert.ok(page.startsWith(`# ${id}\n`))
      assert.match(page, new RegExp(`^Severity: ${severity}\\b`, 'm'))
      const incorrect = exampleOf(page, 'Incorrect')
      const found = await compileExample(incorrect)
      assert.deepEqual(
        found.map(({ severity, rule, at }) => `${severity} ${rule} ${at.file}:${at.line}`),
        [`${severity} ${id} ${markedLine(incorrect)}`],
      )
      assert.deepEqual(await compileExample(exampleOf(page, 'Correct')), [])
    })
  }
})
