import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** GitHub's REST description; `npm ci --prefix bench` brings it. */
export const githubDescription = join(
  import.meta.dirname,
  'node_modules/@octokit/openapi/generated/api.github.com.json',
)
const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'])

type PathItems = Record<string, Record<string, object>>

export interface BenchProject {
  readonly manifest: string
  readonly spec: string
  readonly operations: number
}

/** A description of which every operation is answered by `mock` and requires no credentials, so that it compiles. */
export function answerByMock(json: string): { readonly text: string; readonly operations: number } {
  const document = JSON.parse(json) as { paths?: PathItems; security?: unknown }
  delete document.security
  let operations = 0
  for (const item of Object.values(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(item)) {
      if (!methods.has(method)) continue
      const answer = { 'x-barbacane-dispatch': { name: 'mock', config: { body: '{}' } } }
      Object.assign(operation, answer, { security: [] })
      operations++
    }
  }
  return { text: JSON.stringify(document, null, 1), operations }
}

/** Lays out a project with one description in a folder: every operation is answered by `mock`. */
export function writeMockProject(folder: string, source: string): BenchProject {
  const { text, operations } = answerByMock(readFileSync(source, 'utf8'))
  const spec = join(folder, 'specs/api.json')
  const manifest = join(folder, 'barbacane.yaml')
  mkdirSync(join(folder, 'specs'), { recursive: true })
  writeFileSync(spec, text)
  writeFileSync(manifest, 'version: 1\nspecs: ./specs/\n')
  return { manifest, spec, operations }
}
