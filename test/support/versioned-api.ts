import { renameSync, writeFileSync } from 'node:fs'

import { decodeArtifact } from '../../src/artifact/index.ts'
import { planArtifact, route } from './plan-artifact.ts'

/** An API whose answers say in their head and in their body which version has made them, and the artifact's hash. */
export function version(name: string): Buffer {
  const specs = { 'specs/api.yaml': `# ${name}\n` }
  // The hash is that of the inputs, which the plan is not among.
  const { artifact_hash: hash } = decodeArtifact(planArtifact({ specs, routes: [] })).manifest
  const config = { headers: { 'x-head': name, 'x-artifact-hash': hash }, body: name }
  const add = { name: 'response-transformer', config: { headers: { add: { 'x-version': name } } } }
  return planArtifact({
    specs,
    routes: [route('GET', '/a', { dispatch: { name: 'mock', config }, middlewares: [add] })],
  })
}

/** Puts a file in place at once, as tools that deploy do. */
export function replaceFile(path: string, bytes: Uint8Array): void {
  writeFileSync(`${path}.new`, bytes)
  renameSync(`${path}.new`, path)
}

const fieldOf = (head: string, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]

/** The version that has made an answer, and the hash of the artifact that it was served by. */
export const describeServed = (head: string, body: string) =>
  `${describeAnswer(head, body)} ${fieldOf(head, 'x-artifact-hash')}`

/** The version that has made an answer; a mixture is named as such. */
export const describeAnswer = (head: string, body: string) => {
  const said = (name: string) => fieldOf(head, name)
  const parts = [said('x-head'), said('x-version'), body]
  return new Set(parts).size === 1 ? String(parts[0]) : `mixed: ${parts.join(' ')}`
}
