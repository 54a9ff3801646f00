import { configOf, seconds, text, whole, type BuiltinMiddleware } from './builtin.ts'

const concurrencyLimit: BuiltinMiddleware = {
  name: 'concurrency-limit',
  type: 'middleware',
  stage: 'content',
  summary: 'Limits how many requests are under way at once.',
  notes: [
    'Requests beyond `max_concurrent` wait in the order of arrival, up to `max_queue` of them and for `queue_timeout_ms`; others are answered by 503 with `Retry-After`. The count is of this node and of all operations with the same `name`.',
  ],
  example: { max_concurrent: 50, max_queue: 100 },
  config: configOf(
    {
      max_concurrent: whole('Requests under way at once.', { minimum: 1, maximum: 100_000 }),
      max_queue: whole('Requests that may wait.', { minimum: 0, maximum: 100_000, default: 0 }),
      queue_timeout_ms: whole('How long one may wait.', { minimum: 1, maximum: 60_000, default: 1000 }),
      name: text(
        'Operations with the same name share the limit; without one, those of the same configuration.',
        {
          pattern: '^[A-Za-z0-9_.:-]{1,64}$',
        },
      ),
    },
    ['max_concurrent'],
  ),
}

const circuitBreaker: BuiltinMiddleware = {
  name: 'circuit-breaker',
  type: 'middleware',
  stage: 'content',
  summary: 'Stops asking a service that fails.',
  notes: [
    'It counts the answers of the last `window_seconds`. When there are at least `minimum_requests` and the share of failures reaches `failure_ratio`, it opens: requests are answered by 503 with `Retry-After`. After `open_seconds` one request is let through; if it succeeds the circuit closes, else it stays open for as long again.',
  ],
  example: { failure_ratio: 0.5, minimum_requests: 20 },
  config: configOf({
    failure_ratio: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.5,
      description: 'The share of failures at which it opens.',
    },
    minimum_requests: whole('Answers without which it does not open.', {
      minimum: 1,
      maximum: 1_000_000,
      default: 20,
    }),
    window_seconds: seconds('The time that counts', 10, 3600),
    open_seconds: seconds('How long it stays open', 30, 3600),
    failure_statuses: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'integer', minimum: 400, maximum: 599 },
      default: [500, 502, 503, 504],
      description: 'Answers that are failures.',
    },
    name: text(
      'Operations with the same name share the circuit; without one, those of the same configuration.',
      {
        pattern: '^[A-Za-z0-9_.:-]{1,64}$',
      },
    ),
  }),
}

const retry: BuiltinMiddleware = {
  name: 'retry',
  type: 'middleware',
  stage: 'content',
  summary: 'Asks a service again that did not answer.',
  notes: [
    'Only requests that may be repeated without harm (RFC 9110 §9.2.2) are asked again, and only those without a body or with one that was read whole, as every body is that the description describes as JSON. The pause before an attempt doubles each time.',
    'Retries have a budget: over the last 10 to 20 seconds they are at most `budget_ratio` of the requests, or `budget_minimum` where that is more. A service that fails does not get many times the load. Put `circuit-breaker` behind it in the list, so that every attempt counts.',
  ],
  example: { max_attempts: 3, budget_ratio: 0.1 },
  config: configOf({
    max_attempts: whole('Attempts, the first one included.', { minimum: 2, maximum: 10, default: 2 }),
    statuses: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'integer', minimum: 400, maximum: 599 },
      default: [502, 503, 504],
      description:
        'Answers after which it asks again; 502 and 504 also stand for a service that cannot be reached.',
    },
    methods: {
      type: 'array',
      uniqueItems: true,
      items: { enum: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'QUERY'] },
      default: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'QUERY'],
      description: 'Requests that are asked again.',
    },
    backoff_ms: whole('The pause before the second attempt.', { minimum: 0, maximum: 10_000, default: 25 }),
    budget_ratio: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.2,
      description: 'The share of requests that may be retries.',
    },
    budget_minimum: whole('Retries that are allowed whatever the share.', {
      minimum: 0,
      maximum: 10_000,
      default: 10,
    }),
    name: text(
      'Operations with the same name share the budget; without one, those of the same configuration.',
      {
        pattern: '^[A-Za-z0-9_.:-]{1,64}$',
      },
    ),
  }),
}

/** What keeps a service from more load than it bears. */
export const resilienceMiddlewares: readonly BuiltinMiddleware[] = [concurrencyLimit, circuitBreaker, retry]
