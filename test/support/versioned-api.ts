import { renameSync, writeFileSync } from 'node:fs'

import { planArtifact, route } from './plan-artifact.ts'

/** An API whose answers say in their head and in their body which version has made them. */
export function version(name: string): Buffer {
  const config = { headers: { 'x-head': name }, body: name }
  const add = { name: 'response-transformer', config: { headers: { add: { 'x-version': name } } } }
  return planArtifact({
    specs: { 'specs/api.yaml': `# ${name}\n` },
    routes: [route('GET', '/a', { dispatch: { name: 'mock', config }, middlewares: [add] })],
  })
}

/** Puts a file in place at once, as tools that deploy do. */
export function replaceFile(path: string, bytes: Uint8Array): void {
  writeFileSync(`${path}.new`, bytes)
  renameSync(`${path}.new`, path)
}

/** The version that has made an answer; a mixture is named as such. */
export const describeAnswer = (head: string, body: string) => {
  const said = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]
  const parts = [said('x-head'), said('x-version'), body]
  return new Set(parts).size === 1 ? String(parts[0]) : `mixed: ${parts.join(' ')}`
}
