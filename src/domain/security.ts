/**
 * One way to be let in: what has to be presented, such as `http bearer` or `apiKey header X-Key`, with the scopes that it
 * has to have. Nothing has to be presented where it is empty.
 */
export type SecurityAlternative = ReadonlyMap<string, readonly string[]>

/** What requests of an operation have to present: one of the alternatives. */
export type SecurityAlternatives = readonly SecurityAlternative[]
