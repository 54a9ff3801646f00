/**
 * Where the fields of a head are, while it is read: five numbers for each, as `Fields` takes them, in one array that all
 * messages of a connection use.
 */
export class FieldMarks {
  readonly #marks: number[] = []
  #length = 0
  #isInValue = false

  /** Makes ready for the next head. */
  clear(): void {
    this.#length = 0
    this.#isInValue = false
  }

  /** A name, or the rest of one that came in two pieces. */
  addName(start: number, end: number): void {
    const marks = this.#marks
    const at = this.#length
    if (at > 0 && !this.#isInValue) {
      marks[at - 3] = end
      return
    }
    marks[at] = 0
    marks[at + 1] = start
    marks[at + 2] = end
    marks[at + 3] = 0
    marks[at + 4] = 0
    this.#length = at + 5
    this.#isInValue = false
  }

  /** A value, or the rest of one. */
  addValue(start: number, end: number): void {
    if (!this.#isInValue) this.#marks[this.#length - 2] = start
    this.#isInValue = true
    this.#marks[this.#length - 1] = end
  }

  /** The numbers so far, in an array of their own. */
  spans(): number[] {
    return this.#marks.slice(0, this.#length)
  }
}
