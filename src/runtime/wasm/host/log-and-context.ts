import type { PluginLogLevel } from '../plugin-services.ts'
import type { Guest, HostFunctions } from './guest.ts'

const LEVELS: readonly PluginLogLevel[] = ['error', 'warn', 'info']
const MAX_LOG_BYTES = 8 * 1024
const MAX_LOG_LINES = 100
const MAX_CONTEXT_ENTRIES = 256
const MAX_CONTEXT_BYTES = 64 * 1024

export function logAndContext(guest: Guest): HostFunctions {
  return {
    host_log: (level: number, pointer: number, length: number) => {
      const text = guest.text(pointer, length)
      guest.call.logged += 1
      if (guest.call.logged > MAX_LOG_LINES) return
      guest.services.log(LEVELS[level] ?? 'debug', text.slice(0, MAX_LOG_BYTES))
    },
    host_context_get: (pointer: number, length: number) => {
      const value = guest.call.context.get(guest.text(pointer, length))
      return value === undefined ? -1 : guest.call.keep('context', value)
    },
    host_context_read_result: (pointer: number, capacity: number) =>
      guest.deliver(guest.call.take('context'), pointer, capacity),
    host_context_set: (key: number, keyLength: number, value: number, valueLength: number) => {
      const { context } = guest.call
      const name = guest.text(key, keyLength)
      const text = guest.text(value, valueLength)
      const isRoom = context.has(name) || context.size < MAX_CONTEXT_ENTRIES
      if (isRoom && name.length + text.length <= MAX_CONTEXT_BYTES) context.set(name, text)
    },
  }
}
