import { Duration, Failure, Timestamp } from './value.ts'

export const NANOS_PER_SECOND = 1_000_000_000n
const MIN_TIMESTAMP = -62_135_596_800n * NANOS_PER_SECOND
const MAX_TIMESTAMP = 253_402_300_800n * NANOS_PER_SECOND - 1n
const MAX_DURATION = 2n ** 63n - 1n

/** A point in time from year 1 to year 9999 (google.protobuf.Timestamp). */
export function timestamp(nanos: bigint): Timestamp | Failure {
  const isInRange = nanos >= MIN_TIMESTAMP && nanos <= MAX_TIMESTAMP
  return isInRange ? new Timestamp(nanos) : new Failure('timestamp out of range')
}

/** A span of time whose nanoseconds fit in 64 bits. */
export function duration(nanos: bigint): Duration | Failure {
  const isInRange = nanos <= MAX_DURATION && nanos >= -MAX_DURATION - 1n
  return isInRange ? new Duration(nanos) : new Failure('duration out of range')
}

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/

/** Reads a timestamp in the form of RFC 3339. */
export function parseTimestamp(text: string): Timestamp | Failure {
  const match = RFC_3339.exec(text)
  if (match === null) return new Failure('not a timestamp of RFC 3339')
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Six
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second)
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  const [offsetHours, offsetMinutes] = [Number(match[9] ?? 0), Number(match[10] ?? 0)]
  if (!isReal || offsetHours > 23 || offsetMinutes > 59) return new Failure('not a timestamp of RFC 3339')
  const offsetMs = (offsetHours * 60 + offsetMinutes) * 60_000 * (match[8] === '-' ? -1 : 1)
  const fraction = BigInt((match[7] ?? '').padEnd(9, '0'))
  return timestamp(BigInt(date.getTime() - offsetMs) * 1_000_000n + fraction)
}

type Six = [number, number, number, number, number, number]

export function formatTimestamp({ nanos }: Timestamp): string {
  const [seconds, rest] = floorDivide(nanos, NANOS_PER_SECOND)
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19)
  return `${whole}${formatFraction(rest)}Z`
}

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  ms: 1_000_000n,
  s: NANOS_PER_SECOND,
  m: 60n * NANOS_PER_SECOND,
  h: 3600n * NANOS_PER_SECOND,
}
const MAX_DURATION_LENGTH = 128
const TERM = /(?:(\d+)(?:\.(\d*))?|\.(\d+))(ns|us|µs|ms|s|m|h)/y

/** Reads a duration: signed decimal numbers with units, such as `300ms`, `-1.5h` or `2h45m`. */
export function parseDuration(text: string): Duration | Failure {
  const fault = new Failure('not a duration')
  if (text.length > MAX_DURATION_LENGTH) return fault
  const isNegative = text.startsWith('-')
  const start = isNegative || text.startsWith('+') ? 1 : 0
  if (text.slice(start) === '0') return new Duration(0n)
  if (start === text.length) return fault
  let total = 0n
  TERM.lastIndex = start
  while (TERM.lastIndex < text.length) {
    const match = TERM.exec(text)
    if (match === null) return fault
    const factor = UNITS[match[4] as string] as bigint
    const fraction = match[2] ?? match[3] ?? ''
    total += BigInt(match[1] ?? 0) * factor
    total += (BigInt(fraction === '' ? 0 : fraction) * factor) / 10n ** BigInt(fraction.length)
  }
  return duration(isNegative ? -total : total)
}

/** Seconds with as many digits as there are, as the JSON form of google.protobuf.Duration has it. */
export function formatDuration({ nanos }: Duration): string {
  const magnitude = nanos < 0n ? -nanos : nanos
  const sign = nanos < 0n ? '-' : ''
  return `${sign}${magnitude / NANOS_PER_SECOND}${formatFraction(magnitude % NANOS_PER_SECOND)}s`
}

function formatFraction(nanos: bigint): string {
  if (nanos === 0n) return ''
  const digits = nanos.toString().padStart(9, '0')
  if (digits.endsWith('000000')) return `.${digits.slice(0, 3)}`
  return `.${digits.endsWith('000') ? digits.slice(0, 6) : digits}`
}

/** The quotient rounded down, and the rest, which is never negative. */
export function floorDivide(value: bigint, by: bigint): readonly [quotient: bigint, rest: bigint] {
  const rest = value % by
  return rest < 0n ? [value / by - 1n, rest + by] : [value / by, rest]
}
