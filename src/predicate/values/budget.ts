/** Ends an evaluation as a whole; unlike a failure, nothing absorbs it. */
export class EvaluationStopped extends Error {
  override readonly name = 'EvaluationStopped'
}

/** What an evaluation may still spend. One unit stands for about the work of one call. */
export interface Budget {
  /** @throws {EvaluationStopped} when there is not that much left. */
  readonly spend: (units: number) => void
}
