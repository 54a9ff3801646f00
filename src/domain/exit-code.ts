/** Exit codes of every command; the table of docs/reference/exit-codes.md is checked against it. */
export const ExitCode = {
  ok: 0,
  bug: 1,
  usage: 2,
  findings: 3,
  notVerified: 4,
  drift: 5,
  inconclusive: 6,
  environment: 7,
  /** 128 + SIGINT. */
  interrupted: 130,
  /** 128 + SIGTERM. */
  terminated: 143,
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

const PRECEDENCE: readonly ExitCode[] = [4, 5, 6, 3]

/** Several outcomes at once leave with the gravest: 4 > 5 > 6 > 3, then whatever else there is. */
export function gravest(codes: readonly ExitCode[]): ExitCode {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? codes.find((code) => code !== 0) ?? 0
}
