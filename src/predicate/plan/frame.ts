import { EvaluationStopped, type Budget, type Result, type Value } from '../values/index.ts'

/** One evaluation: what it is about, what it may still spend, and the variables of its macros. */
export class Frame implements Budget {
  readonly subject: unknown
  readonly slots: Value[] = NO_SLOTS
  #remaining: number

  constructor(subject: unknown, budget: number, slotCount: number) {
    this.subject = subject
    this.#remaining = budget
    if (slotCount > 0) this.slots = Array.from({ length: slotCount }, () => null)
  }

  spend(units: number): void {
    this.#remaining -= units
    if (this.#remaining < 0) throw new EvaluationStopped('the cost limit is exceeded')
  }
}

const NO_SLOTS: Value[] = []

/** A planned part of an expression. */
export type Evaluate = (frame: Frame) => Result
