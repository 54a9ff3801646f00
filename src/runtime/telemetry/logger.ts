import type { JsonObject } from '../../domain/index.ts'

export const logLevels = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

export const logFormats = ['json', 'pretty'] as const
export type LogFormat = (typeof logFormats)[number]

export interface LoggerOptions {
  readonly level: LogLevel
  readonly format: LogFormat
  readonly nowMs: () => number
  readonly write: (text: string) => void
}

export interface Logger {
  readonly isEnabled: (level: LogLevel) => boolean
  readonly log: (level: LogLevel, message: string, fields?: JsonObject) => void
  /** A line that tells what the process does, whatever the level. */
  readonly announce: (message: string, fields: JsonObject) => void
  /** A line of the level `info` whose members are JSON already, without the braces; only where that is enabled. */
  readonly line: (message: string, members: string) => void
  /** Writes what is waiting. */
  readonly flush: () => void
}

const FLUSH_CHARACTERS = 32 * 1024

/** One line an event; lines of one turn of the event loop are written together. */
export function createLogger({ level, format, nowMs, write }: LoggerOptions): Logger {
  const threshold = logLevels.indexOf(level)
  const render = format === 'json' ? renderJson : renderPretty
  let waiting = ''
  let scheduled = false
  const flush = () => {
    scheduled = false
    const text = waiting
    waiting = ''
    if (text !== '') write(text)
  }
  const isEnabled = (wanted: LogLevel) => logLevels.indexOf(wanted) <= threshold
  const timeNow = createTimestamp(nowMs)
  const append = (text: string) => {
    waiting += text
    if (waiting.length >= FLUSH_CHARACTERS) return flush()
    if (scheduled) return
    scheduled = true
    setImmediate(flush)
  }
  return {
    isEnabled,
    flush,
    announce: (message, fields) => append(render({ time: timeNow(), level: 'info', message, fields })),
    log: (wanted, message, fields = {}) => {
      if (isEnabled(wanted)) append(render({ time: timeNow(), level: wanted, message, fields }))
    },
    line: (message, members) => {
      const time = timeNow()
      if (format === 'json')
        return append(`{"time":"${time}","level":"info","msg":"${message}",${members}}\n`)
      const fields = JSON.parse(`{${members}}`) as JsonObject
      append(renderPretty({ time, level: 'info', message, fields }))
    },
  }
}

/** The time in the form of RFC 3339, written anew once a second but for its milliseconds. */
function createTimestamp(nowMs: () => number): () => string {
  let second = -1
  let text = ''
  return () => {
    const now = Math.floor(nowMs())
    const inSecond = now % 1000
    if (now - inSecond !== second) {
      second = now - inSecond
      text = new Date(second).toISOString().slice(0, -4)
    }
    return `${text}${String(inSecond).padStart(3, '0')}Z`
  }
}

interface Line {
  readonly time: string
  readonly level: LogLevel
  readonly message: string
  readonly fields: JsonObject
}

function renderJson({ time, level, message, fields }: Line): string {
  return `${JSON.stringify({ time, level, msg: message, ...fields })}\n`
}

function renderPretty({ time, level, message, fields }: Line): string {
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${prettyValue(value)}`)
  return `${[time.slice(11, 23), level.toUpperCase().padEnd(5), message, ...rest].join(' ')}\n`
}

function prettyValue(value: unknown): string {
  return typeof value === 'string' && /^[!#-~]+$/.test(value) ? value : JSON.stringify(value)
}
