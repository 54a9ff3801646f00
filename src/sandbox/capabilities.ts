/** The capability that a plugin declares for each group of host functions of Barbacane's plugin interface. */
const FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  log: ['host_log'],
  context_get: ['host_context_get', 'host_context_read_result'],
  context_set: ['host_context_set'],
  clock_now: ['host_clock_now', 'host_time_now', 'host_get_unix_timestamp'],
  generate_uuid: ['host_uuid_generate', 'host_uuid_read_result'],
  http_call: [
    'host_http_call',
    'host_http_read_result',
    'host_http_request_body_set',
    'host_http_response_body_len',
    'host_http_response_body_read',
    'host_http_stream',
  ],
  ws_upgrade: ['host_ws_upgrade'],
  verify_signature: ['host_verify_signature'],
  get_secret: ['host_get_secret', 'host_secret_read_result'],
  rate_limit: ['host_rate_limit_check', 'host_rate_limit_read_result'],
  cache: ['host_cache_get', 'host_cache_set', 'host_cache_read_result'],
  kafka_publish: ['host_kafka_publish'],
  nats_publish: ['host_nats_publish'],
  telemetry: [
    'host_metric_counter_inc',
    'host_metric_histogram_observe',
    'host_span_start',
    'host_span_end',
    'host_span_set_attribute',
  ],
}

/** Results of both brokers are read by one function. */
const BROKER_RESULT = 'host_broker_read_result'

/** What every plugin may call. */
const FREE: readonly string[] = [
  'host_set_output',
  'host_body_len',
  'host_body_read',
  'host_body_set',
  'host_body_clear',
]

export const capabilityNames: readonly string[] = Object.keys(FUNCTIONS)

/**
 * The capabilities of which one covers an imported host function: none for what every plugin may call, undefined for a
 * function that is not known.
 */
export function capabilitiesFor(hostFunction: string): readonly string[] | undefined {
  if (FREE.includes(hostFunction)) return []
  if (hostFunction === BROKER_RESULT) return ['kafka_publish', 'nats_publish']
  const found = Object.entries(FUNCTIONS).filter(([, functions]) => functions.includes(hostFunction))
  return found.length === 0 ? undefined : found.map(([capability]) => capability)
}
