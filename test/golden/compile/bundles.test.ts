import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { bundleDescription, printDescription } from '../../../src/compiler/bundle/index.ts'
import { lintProject } from '../../../src/compiler/lint/index.ts'
import { planned } from '../../support/planned.ts'
import { resolvedRoutes } from '../../support/resolved-plan.ts'

const golden = join(import.meta.dirname, '..')
const context = { plugins: new Set(['my-auth', 'my-filter', 'my-cache']), allowPlaintext: false }

/** Every description that the compiler takes in another test, by its folder and path. */
const descriptions = [join(golden, 'compile/fixtures'), join(golden, 'documents')].flatMap((folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['fail', 'findings'].includes(entry.name))
    .flatMap(({ name }) => {
      const root = join(folder, name)
      const files = readdirSync(root).filter((file) => /\.(yaml|json)$/.test(file))
      return files
        .filter((file) => /openapi/.test(readFileSync(join(root, file), 'utf8')))
        .map((file) => ({ root, file }))
    }),
)

describe('the bundle', () => {
  assert.ok(descriptions.length > 15)
  for (const { root, file } of descriptions) {
    it(`of ${join(root, file).slice(golden.length + 1)} has the plan of the files, and is its own bundle`, async () => {
      const { document, syntax } = await bundleDescription(file, { root })
      const text = printDescription(document, syntax)
      const contents = new Map([[file, Buffer.from(text)]])
      assert.deepEqual(await planOf(file, { root: undefined, contents }), await planOf(file, { root }))
      const again = await bundleDescription(file, { root: undefined, contents })
      assert.equal(printDescription(again.document, syntax), text)
    })
  }
})

async function planOf(file: string, where: Parameters<typeof bundleDescription>[1]) {
  const { set } = await lintProject([file], { ...where, ...context })
  return resolvedRoutes(planned(set).plan)
}
