import type { Guest, HostFunctions } from './guest.ts'

export function clockAndRandom(guest: Guest): HostFunctions {
  const uptime = (): bigint => {
    guest.spend(0)
    return BigInt(Math.trunc(guest.services.uptimeMs()))
  }
  return {
    host_clock_now: uptime,
    host_time_now: uptime,
    host_get_unix_timestamp: (): bigint => {
      guest.spend(0)
      return BigInt(Math.trunc(guest.services.nowMs() / 1000))
    },
    host_uuid_generate: () => {
      guest.spend(0)
      return guest.call.keep('uuid', guest.services.uuid())
    },
    host_uuid_read_result: (pointer: number, capacity: number) =>
      guest.deliver(guest.call.take('uuid'), pointer, capacity),
  }
}
