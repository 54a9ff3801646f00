import { formatPointer } from '../../../domain/index.ts'
import type { SchemaFault } from '../validate.ts'

/** Where a value is within the whole; a pointer is made of it only where there is something to say. */
export interface Way {
  readonly above: Way | undefined
  readonly token: string | number
}

/** What a schema has to say of one value. */
export interface Outcome {
  /** Empty for a valid value. */
  readonly faults: readonly SchemaFault[]
  /** The members and items that it has looked at; they count only where the value is valid. */
  readonly members: ReadonlySet<string>
  readonly items: ReadonlySet<number>
}

/** What one run over a value keeps. */
export interface Run {
  /** What was found of a value by what a reference leads to: no schema looks at a part of a value twice. */
  readonly known: Map<Evaluate, Map<object, Outcome>>
}

export type Evaluate = (value: unknown, way: Way | undefined, run: Run) => Outcome

/** What an assertion has against a value; undefined where nothing. */
export type Assertion = (value: unknown) => string | undefined

/** More faults of one part are not told: combined over and over they would grow without end. */
const MAX_FAULTS = 100

/** What is being gathered of one value. */
export class Gathering implements Outcome {
  readonly way: Way | undefined
  readonly faults: SchemaFault[] = []
  readonly members = new Set<string>()
  readonly items = new Set<number>()

  constructor(way: Way | undefined) {
    this.way = way
  }

  refuse(reason: string, ...tokens: readonly (string | number)[]): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push({ pointer: pointerOf(this.way, tokens), reason })
  }

  /** Takes the faults of a part. */
  blame({ faults }: Outcome): void {
    for (const fault of faults) if (this.faults.length < MAX_FAULTS) this.faults.push(fault)
  }

  /** Takes what another schema has looked at in the same value. */
  join({ faults, members, items }: Outcome): void {
    if (faults.length > 0) return
    for (const name of members) this.members.add(name)
    for (const index of items) this.items.add(index)
  }
}

function pointerOf(way: Way | undefined, last: readonly (string | number)[]): string {
  const tokens = [...last]
  for (let at = way; at !== undefined; at = at.above) tokens.unshift(at.token)
  return formatPointer(tokens)
}
