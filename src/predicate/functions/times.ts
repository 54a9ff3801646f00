import {
  Duration,
  Failure,
  floorDivide,
  int,
  NANOS_PER_SECOND,
  Timestamp,
  type Result,
  type Value,
} from '../values/index.ts'
import { signature, type FunctionDefinition } from './definition.ts'

const DAY_MS = 86_400_000
const MAX_ZONE_LENGTH = 64
/** Making a formatter takes longer than a thousand calls. */
const UNITS_PER_NAMED_ZONE = 2000

/** The fields of a point in time in a time zone: a date whose UTC fields are those of the zone. */
function dateIn(value: Timestamp, zone: string | null): Date | Failure {
  const utc = new Date(Number(floorDivide(value.nanos, 1_000_000n)[0]))
  if (zone === null || zone === 'UTC') return utc
  const fixed = /^([+-]?)(\d\d):(\d\d)$/.exec(zone)
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3])
    return new Date(utc.getTime() + (fixed[1] === '-' ? -1 : 1) * minutes * 60_000)
  }
  const offset = offsetMs(utc, zone)
  return offset === undefined ? new Failure('no such time zone') : new Date(utc.getTime() + offset)
}

/** How far a zone of the IANA data base is ahead of UTC at a moment. */
function offsetMs(at: Date, zone: string): number | undefined {
  if (zone.length > MAX_ZONE_LENGTH || !/^[A-Za-z]/.test(zone)) return undefined
  let text: string
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    text = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
  const match = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text)
  if (match === null) return undefined
  const [hours, minutes, seconds] = [match[2], match[3], match[4]].map((part) => Number(part ?? 0))
  const size = ((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000
  return match[1] === '-' ? -size : size
}

function dayOfYear(date: Date): number {
  const start = new Date(date.getTime())
  start.setUTCMonth(0, 1)
  return Math.round((date.getTime() - start.getTime()) / DAY_MS)
}

const FIELDS: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getDayOfYear: dayOfYear,
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
}

/** What the same names mean for a duration: the whole of it in that unit, except for milliseconds. */
const SPANS: Readonly<Record<string, (nanos: bigint) => bigint>> = {
  getHours: (nanos) => nanos / (3600n * NANOS_PER_SECOND),
  getMinutes: (nanos) => nanos / (60n * NANOS_PER_SECOND),
  getSeconds: (nanos) => nanos / NANOS_PER_SECOND,
  getMilliseconds: (nanos) => (nanos % NANOS_PER_SECOND) / 1_000_000n,
}

function field(name: string, value: Value, zone: Value): Result | undefined {
  const span = SPANS[name]
  if (value instanceof Duration)
    return span === undefined || zone !== null ? undefined : int(span(value.nanos))
  if (!(value instanceof Timestamp) || (zone !== null && typeof zone !== 'string')) return undefined
  const date = dateIn(value, zone)
  return date instanceof Failure ? date : (FIELDS[name] as (date: Date) => number)(date)
}

export const times: readonly FunctionDefinition[] = Object.keys(FIELDS).flatMap((name) => {
  const plain = [
    signature(['timestamp'], 'int'),
    ...(SPANS[name] === undefined ? [] : [signature(['duration'], 'int')]),
  ]
  const zoned = [signature(['timestamp', 'string'], 'int')]
  return [
    { name, style: 'method', signatures: plain, apply: (_, value) => field(name, value, null) },
    {
      name,
      style: 'method',
      signatures: zoned,
      apply: (budget, value, zone) => {
        if (typeof zone === 'string' && /^[A-Za-z]/.test(zone)) budget.spend(UNITS_PER_NAMED_ZONE)
        return typeof zone === 'string' ? field(name, value, zone) : undefined
      },
    },
  ] satisfies FunctionDefinition[]
})
