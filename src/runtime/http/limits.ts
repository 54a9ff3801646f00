/** What a listener accepts of its clients, and how long it waits for them. */
export interface HttpLimits {
  readonly maxUriBytes: number
  readonly maxHeaderBytes: number
  readonly maxHeaderCount: number
  readonly maxBodyBytes: number
  /** Connections beyond this many are closed at once. */
  readonly maxConnections: number
  readonly maxRequestsPerConnection: number
  /** From the first byte of a request to the end of its head. */
  readonly headersTimeoutMs: number
  /** For the whole request; a body may take longer where it comes faster than `minBytesPerSecond`. */
  readonly requestTimeoutMs: number
  readonly keepAliveTimeoutMs: number
  /** How long a client that reads nothing, or less than `minBytesPerSecond`, may hold an answer. */
  readonly sendTimeoutMs: number
  /** The slowest that a body may come and an answer may be read, beyond the time for either. */
  readonly minBytesPerSecond: number
  /** How long a request goes on whose client has closed its side, which it may have done because it has gone. */
  readonly halfClosedTimeoutMs: number
}

export const defaultHttpLimits: HttpLimits = {
  maxUriBytes: 8 * 1024,
  maxHeaderBytes: 32 * 1024,
  maxHeaderCount: 100,
  maxBodyBytes: 1024 * 1024,
  maxConnections: 16_384,
  maxRequestsPerConnection: 10_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  keepAliveTimeoutMs: 60_000,
  sendTimeoutMs: 60_000,
  minBytesPerSecond: 1024,
  halfClosedTimeoutMs: 2_000,
}
