/** One thing that is wrong with a value; `pointer` leads to the place within it. */
export interface SchemaFault {
  readonly pointer: string
  readonly reason: string
}

/** Undefined for a valid value. */
export type Validate = (value: unknown) => readonly SchemaFault[] | undefined
