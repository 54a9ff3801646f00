import { Failure } from '../values/index.ts'

/** A failure at a place of the source. */
export function failAt(at: number, message: string): Failure {
  const failure = new Failure(message)
  failure.at = at
  return failure
}
