import type { Guest, HostFunctions } from './guest.ts'

const REFUSED = JSON.stringify({ success: false, error: 'This gateway publishes to no broker.' })

/** Brokers are reached by no gateway of this version: every publication fails, and says so to the plugin. */
export function brokers(guest: Guest): HostFunctions {
  const refuse = (_pointer: number, length: number) => {
    guest.spend(length >>> 0)
    return guest.call.keep('broker', REFUSED)
  }
  return {
    host_kafka_publish: refuse,
    host_nats_publish: refuse,
    host_broker_read_result: (pointer: number, capacity: number) =>
      guest.deliver(guest.call.take('broker'), pointer, capacity),
  }
}
