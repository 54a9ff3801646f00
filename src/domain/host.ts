/** Everything impure that code below the commands may use; tests hand in their own. */
export interface Host {
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number
  readonly env: Readonly<Record<string, string | undefined>>
  /** Absolute path that relative paths of the user refer to. */
  readonly cwd: string
  /** Aborted on the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal
}
