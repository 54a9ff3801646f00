import { join } from 'node:path'

import type { Problem, ProblemCode, ProblemError } from '../../src/domain/index.ts'
import { readSourceTree, repositoryRoot } from './source-tree.ts'

interface AnyCatalogue extends Iterable<ProblemCode> {
  readonly [code: ProblemCode]: (parameters: unknown) => ProblemError
}

/** A problem of every code in every catalogue of the source, made from parameters that can be anything. */
export async function readErrorCodes(): Promise<ReadonlyMap<ProblemCode, Problem>> {
  const problems = new Map<ProblemCode, Problem>()
  const files = readSourceTree().filter(
    ({ path, text }) => /= catalogue\(/.test(text) && path !== 'domain/problem.ts',
  )
  for (const { path } of files) {
    const exports: Record<string, unknown> = await import(join(repositoryRoot, 'src', path))
    for (const value of Object.values(exports).filter(isCatalogue)) {
      for (const code of value) {
        if (problems.has(code)) throw new Error(`${code} is in two catalogues`)
        const maker = value[code]
        if (maker !== undefined) problems.set(code, maker(anything).problem)
      }
    }
  }
  return problems
}

function isCatalogue(value: unknown): value is AnyCatalogue {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}

/** Stands for text, a number, a list and an object alike; printed it is `…`. */
const anything: unknown = new Proxy(() => '…', {
  get: (_, member) => (member === Symbol.toPrimitive || member === 'toJSON' ? () => '…' : anything),
  apply: () => anything,
})
