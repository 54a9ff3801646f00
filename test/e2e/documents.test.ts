import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { sdkPackages } from '../support/assemblyscript.ts'
import { startPackageRegistry } from '../support/package-registry.ts'
import { runDocument, runnableBlocks } from '../support/run-document.ts'
import { repositoryRoot } from '../support/source-tree.ts'

/** What the commands of a document have to print, beside ending well. */
const shown: Readonly<Record<string, readonly RegExp[]>> = {
  'README.md': [/No findings/, /"pointer":"\/query\/limit"/, /"artifact_hash":"sha256:[0-9a-f]{64}"/],
  'docs/tutorial/first-gateway.md': [
    /"pointer":"\/query\/limit"/,
    /"pointer":"\/body\/title"/,
    // The commit that the node reports is the one that git says.
    /"commit":"([0-9a-f]{40})","source":null,"dirty":false.*\n?\1\n/,
    // A change before and after its commit: the same inputs, and one of them dirty.
    /artifact hash +(sha256:[0-9a-f]{64})\n[^]*with uncommitted changes[^]*artifact hash +\1\n[^]*commit +[0-9a-f]{40} \(clean\)\n/,
  ],
  'docs/tutorial/first-plugin.md': [
    /3 fixtures, 0 failed\.[^]*loads +yes/,
    /failed +tests\/path\.yaml: the answer names the path\n.*\/expect\/response\/headers\/x-closed\n[^]*exit code 3\n/,
    /4 fixtures, 0 failed\./,
    /HTTP\/1\.1 503 [^]*x-closed: \/books\r\n[^]*Closed for maintenance\./,
  ],
  'docs/tutorial/pull-request-to-production.md': [
    /in sync 1 node compared with origin\/main/,
    /schema-range-narrowed[^]*1 breaking, 0 risky, 1 safe\.\nexit code 3\n/,
    /ok {7}promotion {2}pinned by staging/,
    // The drift is told by release, input and operation, and ends.
    /1 release behind[^]*specs\/api\.yaml differs[^]*GET \/tasks[^]*exit code 5\n[^]*1 in sync, 0 drifted/,
    /Too many tasks at once\n1 [^]*Up to 500 tasks\n2 /,
  ],
}

const documents = globSync(['*.md', 'docs/**/*.md', 'examples/*/README.md'], { cwd: repositoryRoot })
  .map((path) => ({ path, text: readFileSync(join(repositoryRoot, path), 'utf8') }))
  .filter(({ text }) => runnableBlocks(text).length > 0)

describe('what the documentation shows', { concurrency: 2 }, () => {
  for (const { path, text } of documents) {
    it(`${path} works`, async () => {
      await using registry = text.includes('npm install')
        ? await startPackageRegistry(sdkPackages)
        : undefined
      const { exit, output } = await runDocument(text, registry?.env)
      assert.equal(exit, 0, output)
      for (const pattern of shown[path] ?? []) assert.match(output, pattern)
    })
  }
})
