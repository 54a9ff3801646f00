/** How long a connection to an upstream is kept. */
export interface ConnectionTimes {
  readonly connectTimeoutMs: number
  readonly idleTimeoutMs: number
  /** After this time it takes no further call, so that a changed address of the service is found. */
  readonly maxAgeMs: number
}

export const DEFAULT_TIMES: ConnectionTimes = {
  connectTimeoutMs: 10_000,
  idleTimeoutMs: 30_000,
  maxAgeMs: 300_000,
}
