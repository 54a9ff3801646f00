import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { runScenario } from '../support/scenario.ts'

const update = process.env['UPDATE_SCENARIOS'] === '1'
const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.txt'))
  .toSorted()

describe('scenarios', { concurrency: 2 }, () => {
  for (const name of files) it(name, () => runScenario(join(import.meta.dirname, name), update))
})
