import { configOf, FIELD_NAME, flag, seconds, text, whole, type BuiltinDispatcher } from './builtin.ts'
import type { JsonObject } from './json.ts'

const mock: BuiltinDispatcher = {
  name: 'mock',
  type: 'dispatcher',
  summary: 'Answers by itself: with a fixed response, or with the examples of the description.',
  notes: [
    'A fixed response may say something of the request, in `body` and in the values of `headers`: `{{request.method}}`, `{{request.path}}`, `{{request.query}}`, `{{request.client_ip}}`, `{{headers.NAME}}`, `{{path_params.NAME}}`, `{{query_params.NAME}}`, `{{body.MEMBER.MEMBER}}` (of a JSON body). Values are escaped for the media type: in JSON, HTML, XML and forms, none can end the place where it stands. What a request does not have is empty.',
    'With `examples: true` the answers are those of the description: `example` and `examples` of each media type, else the examples of its schema, else a value made from the schema. They are looked up when the description is compiled, and an answer without any is an error there. A client chooses: the media type by `Accept` (406 where it takes none), the status by `Prefer: code=404`, one of several by `Prefer: example=NAME`; `Preference-Applied` says what was done. Otherwise the first example of the lowest status is sent, or of `status` where that is given.',
  ],
  example: { examples: true, delay_ms: 50 },
  config: configOf({
    examples: flag('Answer with the examples of the description instead of `body`.', false),
    status: whole('Status of the answer; 200 where it is not by example.', { minimum: 200, maximum: 599 }),
    headers: {
      type: 'object',
      additionalProperties: { type: 'string' },
      default: {},
      description: 'Header fields.',
    },
    body: { description: 'Text is sent as it is; any other JSON value is serialised.', default: '' },
    content_type: text('Media type of the body.', { default: 'application/json' }),
    delay_ms: whole('How long the answer takes.', { minimum: 0, maximum: 60_000, default: 0 }),
  }),
}

const statuses = (description: string, standard: readonly number[]): JsonObject => ({
  type: 'array',
  uniqueItems: true,
  minItems: 1,
  items: { type: 'integer', minimum: 100, maximum: 599 },
  default: standard,
  description,
})

const url = text('Origin and base path of the service; no credentials, query or fragment.', {
  format: 'uri',
  pattern: '^https?://',
})

const loadBalancing: JsonObject = {
  ...configOf({
    policy: {
      enum: ['round-robin', 'least-requests', 'hash'],
      default: 'round-robin',
      description:
        'In turn by weight; the target with the fewest requests under way for its weight; or always the same target for the same key.',
    },
    hash_on: text(
      'What the key of `hash` is: `client_ip`, `header:NAME` or `cookie:NAME`. A request without it goes by the address of the client.',
      { pattern: "^(?:client_ip|(?:header|cookie):[!#$%&'*+.^_`|~0-9A-Za-z-]+)$", default: 'client_ip' },
    ),
  }),
  description: 'How a target is chosen.',
}

const healthCheck: JsonObject = {
  ...configOf(
    {
      path: text('What is asked for, below the base path of each target.', { pattern: '^/[!-~]*$' }),
      interval: { ...seconds('Time between two checks of a target', 10, 3600), minimum: 0.1 },
      timeout: { ...seconds('How long an answer may take', 5, 60), minimum: 0.1 },
      jitter: {
        type: 'number',
        minimum: 0,
        maximum: 0.5,
        default: 0.1,
        description: 'Share of the interval by which it varies, so that gateways do not ask in step.',
      },
      expected_statuses: statuses('Statuses of a healthy target.', [200, 204]),
      healthy_threshold: whole('Checks in a row until a target is used again.', {
        minimum: 1,
        maximum: 100,
        default: 2,
      }),
      unhealthy_threshold: whole('Failed checks in a row until a target is left alone.', {
        minimum: 1,
        maximum: 100,
        default: 3,
      }),
    },
    ['path'],
  ),
  description: 'Asks every target regularly, and leaves alone those that do not answer as expected.',
}

const ejection: JsonObject = {
  ...configOf({
    consecutive_failures: whole('Failures in a row until a target is left alone.', {
      minimum: 1,
      maximum: 1000,
      default: 5,
    }),
    statuses: statuses('Answers that are failures; no answer always is one.', [500, 502, 503, 504]),
    base_seconds: { ...seconds('How long a target is left alone the first time', 30), minimum: 0.1 },
    max_seconds: { ...seconds('The longest that it is left alone', 300), minimum: 0.1 },
  }),
  description:
    'Leaves a target alone that fails requests. When its time is over, one more failure doubles the time, and one success ends it.',
}

const retries: JsonObject = {
  ...configOf({
    max_attempts: whole('Attempts altogether.', { minimum: 2, maximum: 10, default: 2 }),
    statuses: statuses(
      'Answers after which another attempt is made; also made where there is none.',
      [502, 503, 504],
    ),
    on_timeout: flag('Also after a target did not answer in time.', false),
    budget_ratio: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.2,
      description: 'The share of the requests of ten seconds that may be attempts after the first.',
    },
    budget_minimum: whole('That many of them are always allowed.', {
      minimum: 0,
      maximum: 1000,
      default: 10,
    }),
  }),
  description:
    'Asks again, another target where there is one: only by methods that are idempotent (RFC 9110 §9.2.2), and only as long as no body was streamed.',
}

const tls: JsonObject = {
  ...configOf({
    ca: text('Authorities instead of those of the system.'),
    client_cert: text('Certificate of the gateway, with its chain.'),
    client_key: text('Private key of the gateway; a reference to a secret.'),
    server_name: text('Name in the certificate of the service.'),
  }),
  description: 'Whom the gateway believes to be the service, and how it shows itself. Texts are PEM.',
  dependentRequired: { client_cert: ['client_key'], client_key: ['client_cert'] },
}

const httpUpstream: BuiltinDispatcher = {
  name: 'http-upstream',
  type: 'dispatcher',
  summary: 'Forwards the request to an HTTP service.',
  notes: [
    'The service is one `url`, or several `targets`, between which requests are divided. Operations with the same targets and the same rules for them share their state: what one of them finds out of a target, all of them know.',
    'A target is left alone while `health_check` or `ejection` says so. While all of them are, the answer is 503 with `Retry-After`. `GET /upstreams` of [the admin API](../admin-api.md) shows every target, and [the metrics](../metrics.md) count its requests, failures and ejections.',
    'By `protocol: h2` requests go side by side on few connections. A request that the service says not to have begun with, by GOAWAY or REFUSED_STREAM, is sent again on another one, whatever its method, unless its body was streamed. A service that does not agree on HTTP/2 counts as unavailable.',
    'Fields behind a body (trailers, RFC 9110 §6.5) are left out, unless `trailers: forward` says otherwise: then those of a request go on where its body is streamed without a length, and those of an answer where the client has sent `TE: trailers`. None of them is ever put among the fields of the head, and those that say how a message is read, where it goes or who sends it are left out in any case, as are all of a body that a middleware has read or that was validated.',
    'Requests are streamed, and so are answers; hop-by-hop fields are dropped. `X-Forwarded-For`, `-Proto` and `-Host`, `Via` and `X-Request-Id` are set by the gateway.',
  ],
  example: {
    targets: [{ url: 'https://a.orders.internal/api', weight: 3 }, { url: 'https://b.orders.internal/api' }],
    strip_prefix: '/orders',
    load_balancing: { policy: 'least-requests' },
    health_check: { path: '/health' },
    ejection: { consecutive_failures: 5 },
    retries: { max_attempts: 2 },
  },
  config: {
    ...configOf({
      url,
      targets: {
        type: 'array',
        minItems: 1,
        maxItems: 32,
        description: 'Services that do the same, instead of `url`.',
        items: configOf(
          {
            url,
            weight: whole('Its share, beside those of the others.', {
              minimum: 1,
              maximum: 100,
              default: 1,
            }),
          },
          ['url'],
        ),
      },
      path: text('Replaces the request path; `{name}` stands for a path parameter.', { pattern: '^/' }),
      strip_prefix: text('Left out at the beginning of the request path, where it stands there.', {
        pattern: '^/[^?#{}]*[^/?#{}]$',
      }),
      timeout: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 3600,
        default: 30,
        description: 'Until the answer begins, and between two pieces of it, in seconds.',
      },
      connect_timeout: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 300,
        default: 10,
        description: 'Until there is a connection, in seconds.',
      },
      protocol: {
        enum: ['http/1.1', 'h2'],
        default: 'http/1.1',
        description:
          'The version of HTTP that the services speak; `h2` by ALPN for `https`, and without it for `http` (prior knowledge).',
      },
      trailers: {
        enum: ['drop', 'forward'],
        default: 'drop',
        description: 'What becomes of fields behind a body, of requests and of answers.',
      },
      load_balancing: loadBalancing,
      health_check: healthCheck,
      ejection,
      retries,
      tls,
    }),
    oneOf: [{ required: ['url'] }, { required: ['targets'] }],
  },
}

const wsUpstream: BuiltinDispatcher = {
  name: 'ws-upstream',
  type: 'dispatcher',
  summary: 'Connects a client to a service by WebSocket.',
  notes: [
    'It stands at a `get` operation. The request that opens the connection goes through the whole chain of middlewares and is validated like any other; so does its answer on the way back. Where the service does not accept, the client gets what the service answers. A request that does not ask for WebSocket gets 426.',
    'Afterwards the gateway carries bytes both ways, no faster than they are taken, and changes none: subprotocols, extensions and pings are between client and service. It looks at where frames begin and end, so that it can close a connection in the name of the other side, with code 1001: when a limit is reached, and when the gateway ends. After a reload, connections go on as they were opened.',
    'WebSocket is spoken by HTTP/1.1; clients that agree on HTTP/2 open a connection of HTTP/1.1 for it. `retry` and `cache` cannot stand before it.',
  ],
  example: { url: 'wss://chat.internal/socket', idle_timeout: 600 },
  config: configOf(
    {
      url: text('Origin and base path of the service.', { format: 'uri', pattern: '^wss?://' }),
      path: text('Replaces the request path; `{name}` stands for a path parameter.', { pattern: '^/' }),
      connect_timeout: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 300,
        default: 5,
        description: 'Until the service has accepted, in seconds.',
      },
      idle_timeout: { ...seconds('How long nothing may come from either side', 300), minimum: 1 },
      max_lifetime: { ...seconds('The longest that a connection lasts', 86_400, 604_800), minimum: 1 },
      max_connections: whole('Connections of the operation that may be open at once, for each worker.', {
        minimum: 1,
        maximum: 100_000,
        default: 1024,
      }),
      tls,
    },
    ['url'],
  ),
}

const fireAndForget: BuiltinDispatcher = {
  name: 'fire-and-forget',
  type: 'dispatcher',
  summary: 'Answers at once, and forwards the request to an HTTP service afterwards.',
  notes: [
    'The whole request is read, put into a queue in memory and answered. From the queue it is sent to `url` by its method, with its header fields, its query and its body. It is sent again, after a pause that doubles, where there is no answer or one of 408, 429 and 5xx; `Idempotency-Key` is set to the id of the request where there is none, so that the service can tell a repetition.',
    'A request that finds no room in the queue is answered by 503 and not kept. When the gateway ends, it sends what waits for as long as it may drain. What was answered and could not be delivered is counted by `barbacane_fire_and_forget_dropped_total` and logged: a queue in memory does not survive the machine, so do not put into it what must not be lost.',
  ],
  example: { url: 'https://events.internal/orders', response: { status: 202, body: '{"accepted":true}' } },
  config: configOf(
    {
      url: text('Where the requests go; the path of the request is not added.', {
        format: 'uri',
        pattern: '^https?://',
      }),
      timeout_ms: whole('How long the service may take.', { minimum: 1, maximum: 600_000, default: 5000 }),
      response: {
        ...configOf({
          status: whole('Status of the answer.', { minimum: 200, maximum: 299, default: 202 }),
          headers: {
            type: 'object',
            propertyNames: { pattern: FIELD_NAME },
            additionalProperties: { type: 'string' },
            description: 'Header fields.',
          },
          content_type: text('Media type of the body.', { default: 'application/json' }),
          body: text('The body.', { default: '' }),
        }),
        default: {},
        description: 'What the client gets.',
      },
      max_attempts: whole('Attempts altogether.', { minimum: 1, maximum: 20, default: 3 }),
      backoff_ms: whole('Pause before the second attempt.', { minimum: 1, maximum: 60_000, default: 500 }),
      max_queue: whole('Requests that may wait.', { minimum: 1, maximum: 100_000, default: 1000 }),
      max_queue_bytes: whole('Bytes of bodies that may wait.', {
        minimum: 1024,
        maximum: 1_073_741_824,
        default: 16_777_216,
      }),
      max_concurrent: whole('Requests that are sent at once.', { minimum: 1, maximum: 256, default: 8 }),
    },
    ['url'],
  ),
}

export const dispatchers: readonly BuiltinDispatcher[] = [mock, httpUpstream, wsUpstream, fireAndForget]
