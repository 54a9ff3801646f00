import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { lintProject } from '../../../src/compiler/lint/index.ts'
import { planRoutes } from '../../../src/compiler/plan/index.ts'
import { canonicalJson, formatLocation, parsePlan, type JsonValue } from '../../../src/domain/index.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const plugins = new Set(['my-auth', 'my-filter', 'my-cache'])

describe('plans', () => {
  for (const name of readdirSync(fixtures)) {
    it(`of ${name} are as recorded`, async () => {
      const root = join(fixtures, name)
      const specs = readdirSync(root).filter((file) =>
        /^(?:openapi|asyncapi)\b|"openapi"/m.test(fileText(join(root, file))),
      )
      const { set, findings } = await lintProject(specs, { root, plugins, allowPlaintext: false })
      const errors = findings.filter(({ severity }) => severity === 'error')
      assert.deepEqual(errors, [])
      const made = planRoutes(set)
      const found = {
        findings: made.findings.map(
          ({ rule, severity, at, message }) => `${severity} ${rule} ${formatLocation(at)} ${message}`,
        ),
        ...(made.findings.some(({ severity }) => severity === 'error')
          ? {}
          : { plan: JSON.parse(made.text) as JsonValue }),
      }
      const recorded = join(root, 'expected/plan.json')
      if (process.env['UPDATE_GOLDEN'] === '1')
        writeFileSync(recorded, `${JSON.stringify(found, undefined, 2)}\n`)
      assert.deepEqual(found, JSON.parse(readFileSync(recorded, 'utf8')))
      if (found.plan !== undefined) {
        assert.equal(canonicalJson(found.plan), made.text)
        assert.deepEqual(parsePlan(found.plan), found.plan, 'the gateway loads it')
      }
    })
  }
})

function fileText(path: string): string {
  return /\.(yaml|json)$/.test(path) ? readFileSync(path, 'utf8') : ''
}
