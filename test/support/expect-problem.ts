import assert from 'node:assert/strict'

import { isProblemError, type Problem, type ProblemCode } from '../../src/domain/index.ts'

/** Runs the function and returns the problem it throws, which must have this code. */
export function expectProblem(code: ProblemCode, run: () => unknown): Problem {
  try {
    run()
  } catch (error) {
    if (!isProblemError(error)) throw error
    assert.equal(error.problem.code, code, error.problem.message)
    return error.problem
  }
  return assert.fail(`${code} was not thrown`)
}

/** The same for a function that returns a promise. */
export async function expectRejection(code: ProblemCode, run: () => Promise<unknown>): Promise<Problem> {
  try {
    await run()
  } catch (error) {
    if (!isProblemError(error)) throw error
    assert.equal(error.problem.code, code, error.problem.message)
    return error.problem
  }
  return assert.fail(`${code} was not thrown`)
}
