import type { Signature } from './read-types.ts'

/** The module name of WASI preview 1. */
export const WASI_MODULE = 'wasi_snapshot_preview1'

/** What a plugin's own functions look like, by name: JSON at a pointer, of a length. */
export const entrySignatures: Readonly<Record<string, Signature>> = {
  init: 'ii:i',
  on_request: 'ii:i',
  on_response: 'ii:i',
  dispatch: 'ii:i',
  alloc: 'i:i',
}

const READ = 'ii:i'

/** A type, and the capabilities of which one covers the function; without any, every plugin may call it. */
type HostFunction = readonly [signature: Signature, ...capabilities: readonly string[]]

/** The functions of Barbacane's plugin interface. */
const HOST: Readonly<Record<string, HostFunction>> = {
  host_set_output: ['ii:'],
  host_body_len: [':I'],
  host_body_read: [READ],
  host_body_set: ['ii:'],
  host_body_clear: [':'],
  host_log: ['iii:', 'log'],
  host_context_get: ['ii:i', 'context_get'],
  host_context_read_result: [READ, 'context_get'],
  host_context_set: ['iiii:', 'context_set'],
  host_clock_now: [':I', 'clock_now'],
  host_time_now: [':I', 'clock_now'],
  host_get_unix_timestamp: [':I', 'clock_now'],
  host_uuid_generate: [':i', 'generate_uuid'],
  host_uuid_read_result: [READ, 'generate_uuid'],
  host_http_call: ['ii:i', 'http_call'],
  host_http_read_result: [READ, 'http_call'],
  host_http_request_body_set: ['ii:', 'http_call'],
  host_http_response_body_len: [':I', 'http_call'],
  host_http_response_body_read: [READ, 'http_call'],
  host_http_stream: ['ii:i', 'http_call'],
  host_ws_upgrade: ['ii:i', 'ws_upgrade'],
  host_verify_signature: ['ii:i', 'verify_signature'],
  host_get_secret: ['ii:i', 'get_secret'],
  host_secret_read_result: [READ, 'get_secret'],
  host_rate_limit_check: ['iiii:i', 'rate_limit'],
  host_rate_limit_read_result: [READ, 'rate_limit'],
  host_cache_get: ['ii:i', 'cache'],
  host_cache_set: ['iiiii:i', 'cache'],
  host_cache_read_result: [READ, 'cache'],
  host_kafka_publish: ['ii:i', 'kafka_publish'],
  host_nats_publish: ['ii:i', 'nats_publish'],
  host_broker_read_result: [READ, 'kafka_publish', 'nats_publish'],
  host_metric_counter_inc: ['iiiiF:', 'telemetry'],
  host_metric_histogram_observe: ['iiiiF:', 'telemetry'],
  host_span_start: ['ii:', 'telemetry'],
  host_span_end: [':', 'telemetry'],
  host_span_set_attribute: ['iiii:', 'telemetry'],
}

/** The part of WASI preview 1 that is offered: what toolchains link in without being asked to. */
const WASI: Readonly<Record<string, Signature>> = {
  random_get: 'ii:i',
  clock_time_get: 'iIi:i',
  fd_write: 'iiii:i',
  environ_get: 'ii:i',
  environ_sizes_get: 'ii:i',
  sched_yield: ':i',
  proc_exit: 'i:',
}

/** The names of all functions that gateways offer to plugins, without those of WASI. */
export const hostFunctionNames: readonly string[] = Object.keys(HOST)

/** What a plugin can declare in `host_functions` of its plugin.toml. */
export const capabilityNames: readonly string[] = [
  ...new Set(Object.values(HOST).flatMap(([, ...capabilities]) => capabilities)),
]

/** The signature of a function that gateways offer, or undefined where they do not. */
export function hostSignature(module: string, name: string): Signature | undefined {
  if (module === 'barbacane') return hostFunction(name)?.[0]
  return module === WASI_MODULE && Object.hasOwn(WASI, name) ? WASI[name] : undefined
}

/**
 * The capabilities of which one covers a host function: none for what every plugin may call, undefined for a function
 * that is not known.
 */
export function capabilitiesFor(name: string): readonly string[] | undefined {
  return hostFunction(name)?.slice(1)
}

function hostFunction(name: string): HostFunction | undefined {
  return Object.hasOwn(HOST, name) ? HOST[name] : undefined
}
