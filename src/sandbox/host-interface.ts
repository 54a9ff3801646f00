import type { Signature } from './read-types.ts'
import { WASI_MODULE } from './wasi-functions.ts'

/** What a plugin's own functions look like, by name: JSON at a pointer, of a length. */
export const entrySignatures: Readonly<Record<string, Signature>> = {
  init: 'ii:i',
  on_request: 'ii:i',
  on_response: 'ii:i',
  dispatch: 'ii:i',
  alloc: 'i:i',
}

const READ = 'ii:i'

/** The functions of Barbacane's plugin interface. */
const HOST: Readonly<Record<string, Signature>> = {
  host_set_output: 'ii:',
  host_body_len: ':I',
  host_body_read: READ,
  host_body_set: 'ii:',
  host_body_clear: ':',
  host_log: 'iii:',
  host_context_get: 'ii:i',
  host_context_read_result: READ,
  host_context_set: 'iiii:',
  host_clock_now: ':I',
  host_time_now: ':I',
  host_get_unix_timestamp: ':I',
  host_uuid_generate: ':i',
  host_uuid_read_result: READ,
  host_http_call: 'ii:i',
  host_http_read_result: READ,
  host_http_request_body_set: 'ii:',
  host_http_response_body_len: ':I',
  host_http_response_body_read: READ,
  host_http_stream: 'ii:i',
  host_ws_upgrade: 'ii:i',
  host_verify_signature: 'ii:i',
  host_get_secret: 'ii:i',
  host_secret_read_result: READ,
  host_rate_limit_check: 'iiii:i',
  host_rate_limit_read_result: READ,
  host_cache_get: 'ii:i',
  host_cache_set: 'iiiii:i',
  host_cache_read_result: READ,
  host_kafka_publish: 'ii:i',
  host_nats_publish: 'ii:i',
  host_broker_read_result: READ,
  host_metric_counter_inc: 'iiiiF:',
  host_metric_histogram_observe: 'iiiiF:',
  host_span_start: 'ii:',
  host_span_end: ':',
  host_span_set_attribute: 'iiii:',
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

const MODULES: Readonly<Record<string, Readonly<Record<string, Signature>>>> = {
  barbacane: HOST,
  [WASI_MODULE]: WASI,
}

/** The signature of a function that gateways offer, or undefined where they do not. */
export function hostSignature(module: string, name: string): Signature | undefined {
  const functions = Object.hasOwn(MODULES, module) ? MODULES[module] : undefined
  return functions !== undefined && Object.hasOwn(functions, name) ? functions[name] : undefined
}
