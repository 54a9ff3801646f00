import type { Guest, HostFunctions } from './guest.ts'

/** The results of a plugin, and bodies beside the JSON: what every plugin may call. */
export function outputAndBody(guest: Guest): HostFunctions {
  return {
    host_set_output: (pointer: number, length: number) => {
      guest.call.output = guest.bytes(pointer, length)
    },
    host_body_len: (): bigint => {
      guest.spend(0)
      return BigInt(guest.call.body?.byteLength ?? -1)
    },
    host_body_read: (pointer: number, capacity: number) => {
      const { body } = guest.call
      guest.call.body = null
      return guest.deliver(body, pointer, capacity)
    },
    host_body_set: (pointer: number, length: number) => {
      guest.call.outputBody = guest.bytes(pointer, length)
    },
    host_body_clear: () => {
      guest.spend(0)
      guest.call.outputBody = null
    },
  }
}
