import { runtimeProblems as problems } from '../problems.ts'

export interface ListenAddress {
  readonly host: string
  readonly port: number
  /** Other processes of this node listen there, too. */
  readonly isShared?: boolean
}

/**
 * Reads `host:port`; an IPv6 address stands in brackets.
 *
 * @throws {ProblemError} BCN_SERVE_OPTION
 */
export function parseListenAddress(text: string, option: string): ListenAddress {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/\s]+)):(\d{1,5})$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host === undefined || port > 65_535) {
    const reason = `${JSON.stringify(text)} is not an address like 127.0.0.1:8080 or [::1]:8080`
    throw problems.BCN_SERVE_OPTION({ option, reason })
  }
  return { host, port }
}

/** Writes an address as {@link parseListenAddress} reads it. */
export function formatAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
