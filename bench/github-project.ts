import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const source = join(import.meta.dirname, 'node_modules/@octokit/openapi/generated/api.github.com.json')
const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'])

type PathItems = Record<string, Record<string, object>>

export interface GithubProject {
  readonly manifest: string
  readonly spec: string
  readonly operations: number
}

/**
 * Lays out a project of GitHub's REST description in a folder, with one overlay: every operation is answered by `mock`.
 *
 * @throws {Error} when the package with the description is not installed (`npm ci --prefix bench`).
 */
export function writeGithubProject(folder: string): GithubProject {
  const document = JSON.parse(readFileSync(source, 'utf8')) as { paths: PathItems }
  let operations = 0
  for (const item of Object.values(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (!methods.has(method)) continue
      Object.assign(operation, { 'x-barbacane-dispatch': { name: 'mock', config: { body: '{}' } } })
      operations++
    }
  }
  const spec = join(folder, 'specs/github.json')
  const manifest = join(folder, 'barbacane.yaml')
  mkdirSync(join(folder, 'specs'), { recursive: true })
  writeFileSync(spec, JSON.stringify(document, null, 1))
  writeFileSync(manifest, 'version: 1\nspecs: ./specs/\n')
  return { manifest, spec, operations }
}
