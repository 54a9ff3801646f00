import { DURATION_BOUNDS } from './duration-bounds.ts'
import type { Counter, MetricRegistry } from './metrics.ts'

const SIZE_BOUNDS = [0, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216]

/** What is known of an operation beside its method and template. */
export interface AboutOperation {
  /** The title of its description. */
  readonly api: string
  readonly deprecated: boolean
}

/** The children of one operation, bound when the artifact is loaded. */
export interface OperationMetrics {
  /** Sizes are those of the bodies, without their framing. */
  readonly observe: (
    status: number,
    durationSeconds: number,
    requestBytes: number,
    responseBytes: number,
  ) => void
  readonly validationFailed: (where: string) => void
  readonly responseChecked: (result: ResponseResult) => void
}

/** What the comparison of an answer with its description came to; `unchecked` where its body could not be looked at. */
export type ResponseResult = 'valid' | 'invalid' | 'unchecked'

const UNDESCRIBED: AboutOperation = { api: '', deprecated: false }

/** Methods that get a label of their own where no operation has the request (RFC 9110 §9, RFC 5789). */
const KNOWN_METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'QUERY',
])

/** What measures operations, and requests that no operation has. */
export interface OperationMeter {
  readonly forOperation: (method: string, path: string, about?: AboutOperation) => OperationMetrics
  /** For a request without an operation; `path` is one of few. */
  readonly forOther: (method: string, path: string) => OperationMetrics
}

export function createOperationMeter(registry: MetricRegistry): OperationMeter {
  const requests = registry.counter('barbacane_requests_total', 'Requests answered.')
  const durations = registry.histogram(
    'barbacane_request_duration_seconds',
    'Time from the request head to the end of the response.',
    DURATION_BOUNDS,
  )
  const requestSizes = registry.histogram(
    'barbacane_request_size_bytes',
    'Bytes of request bodies that were read.',
    SIZE_BOUNDS,
  )
  const responseSizes = registry.histogram(
    'barbacane_response_size_bytes',
    'Bytes of response bodies that were written.',
    SIZE_BOUNDS,
  )
  const failures = registry.counter(
    'barbacane_validation_failures_total',
    'Faults found in requests, by where they were.',
  )
  const responses = registry.counter(
    'barbacane_response_validations_total',
    'Answers compared with their description, by what it came to.',
  )
  const deprecated = registry.counter(
    'barbacane_deprecated_route_requests_total',
    'Requests for operations that are deprecated.',
  )
  const create = (
    method: string,
    path: string,
    { api, deprecated: isDeprecated }: AboutOperation = UNDESCRIBED,
  ): OperationMetrics => {
    const duration = durations.with({ method, path })
    const requestSize = requestSizes.with({ method, path })
    const responseSize = responseSizes.with({ method, path })
    const uses = isDeprecated ? deprecated.with({ method, path }) : undefined
    const byStatus = new Map<number, Counter>()
    const byPlace = new Map<string, Counter>()
    return {
      observe: (status, durationSeconds, requestBytes, responseBytes) => {
        remembered(byStatus, status, () =>
          requests.with({ method, path, status: String(status), api }),
        ).increment()
        duration.observe(durationSeconds)
        requestSize.observe(requestBytes)
        responseSize.observe(responseBytes)
        uses?.increment()
      },
      validationFailed: (reason) =>
        remembered(byPlace, reason, () => failures.with({ method, path, reason })).increment(),
      responseChecked: (result) => responses.with({ method, path, result }).increment(),
    }
  }
  const others = new Map<string, OperationMetrics>()
  return {
    forOperation: create,
    forOther: (given, path) => {
      const method = KNOWN_METHODS.has(given) ? given : 'other'
      return remembered(others, `${method} ${path}`, () => create(method, path))
    },
  }
}

/** What a map has, or what is made for it now. */
export function remembered<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = create()
  map.set(key, made)
  return made
}
