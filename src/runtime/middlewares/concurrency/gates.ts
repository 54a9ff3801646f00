import { NamedStates } from '../named-states.ts'

/** Lets so many through at once; the rest wait in the order of arrival. */
class Gate {
  readonly #waiting = new Set<() => void>()
  #underWay = 0

  /**
   * Calls `enter` at once or later. False where as many wait as may; the returned function gives up waiting and says
   * whether it did.
   */
  enter(maxConcurrent: number, maxQueue: number, enter: () => void): (() => boolean) | false {
    if (this.#underWay < maxConcurrent) {
      this.#underWay += 1
      enter()
      return () => false
    }
    if (this.#waiting.size >= maxQueue) return false
    this.#waiting.add(enter)
    return () => this.#waiting.delete(enter)
  }

  /** Ends one that is under way; the first that waits takes its place. */
  leave(): void {
    const [first] = this.#waiting
    if (first === undefined) {
      this.#underWay -= 1
      return
    }
    this.#waiting.delete(first)
    first()
  }

  get underWay(): number {
    return this.#underWay
  }
}

/** The gates by name. */
export type Gates = NamedStates<Gate>

export function createGates(): Gates {
  return new NamedStates(() => new Gate())
}
