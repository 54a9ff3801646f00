import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { compileProject, compileRules } from '../../../src/compiler/index.ts'
import { loadProject } from '../../../src/config/index.ts'
import { isProblemError, type Finding } from '../../../src/domain/index.ts'
import { repositoryRoot } from '../../support/source-tree.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** The YAML of one section of a page. */
function exampleOf(page: string, heading: string): string {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  return /^```yaml\n(.*?)^```$/ms.exec(section)?.[1] ?? assert.fail(`${heading} has no example`)
}

async function compileExample(text: string): Promise<readonly Finding[]> {
  await using folder = await temporaryFolder({ 'barbacane.yaml': 'version: 1\n', 'specs/api.yaml': text })
  const project = await loadProject(join(folder.path, 'barbacane.yaml'))
  try {
    const { findings } = await compileProject(project, {
      allowPlaintext: false,
      buildTimestamp: '2026-01-02T03:04:05Z',
      provenance: { commit: null, source: null, dirty: null },
      compiler: { name: 'barbacane', version: '0.0.0' },
    })
    return findings
  } catch (error) {
    if (!isProblemError(error)) throw error
    return error.problem.findings ?? []
  }
}

describe('the pages of the rules of compile', () => {
  for (const { id, severity } of compileRules) {
    it(`show what ${id} finds and where, and how it is corrected`, async () => {
      const page = await readFile(join(repositoryRoot, 'docs/reference/rules', `${id}.md`), 'utf8')
      assert.ok(page.startsWith(`# ${id}\n`))
      assert.match(page, new RegExp(`^Severity: ${severity}\\b`, 'm'))
      const incorrect = exampleOf(page, 'Incorrect')
      const line = incorrect.split('\n').findIndex((text) => text.endsWith('# here')) + 1
      const found = await compileExample(incorrect)
      assert.deepEqual(
        found.map((finding) => `${finding.severity} ${finding.rule} ${finding.at.line}`),
        [`${severity} ${id} ${line}`],
      )
      assert.deepEqual(await compileExample(exampleOf(page, 'Correct')), [])
    })
  }
})
