import { configOf, FIELD_NAME, flag, text, whole, type BuiltinMiddleware } from './builtin.ts'
import type { JsonObject } from './json.ts'

const NAMES: JsonObject = { type: 'array', uniqueItems: true, items: { type: 'string', minLength: 1 } }
const FIELDS: JsonObject = {
  type: 'array',
  uniqueItems: true,
  items: { type: 'string', pattern: FIELD_NAME },
}

function map(description: string, value: JsonObject = { type: 'string' }, names?: JsonObject): JsonObject {
  const base = { type: 'object', additionalProperties: value, description }
  return names === undefined ? base : { ...base, propertyNames: names }
}

const FIELD: JsonObject = { type: 'string', pattern: FIELD_NAME }

const headers: JsonObject = {
  ...configOf({
    remove: { ...FIELDS, description: 'Dropped.' },
    rename: map('New names by old ones.', FIELD, FIELD),
    set: map('Put in place of what is there.', { type: 'string' }, FIELD),
    add: map('Put beside what is there.', { type: 'string' }, FIELD),
  }),
  description: 'Header fields; in the order remove, rename, set, add.',
}

const pointer: JsonObject = { type: 'string', pattern: '^(/([^~/]|~[01])*)+$' }

const body: JsonObject = {
  ...configOf({
    remove: { type: 'array', items: pointer, uniqueItems: true, description: 'Members that are dropped.' },
    rename: map('New places by old ones.', pointer, pointer),
    add: { type: 'object', propertyNames: pointer, description: 'Values by their places.' },
  }),
  description:
    'Members of a JSON document, by JSON Pointer (RFC 6901); in the order remove, rename, add. Other bodies pass as they are.',
}

const VALUES =
  'Values may hold `$client_ip`, `$header.NAME`, `$query.NAME`, `$path.NAME`, `$cookie.NAME` and `context:KEY`; what the request does not have is empty. `$$` is a dollar sign.'

const requestTransformer: BuiltinMiddleware = {
  name: 'request-transformer',
  type: 'middleware',
  stage: 'content',
  summary: 'Changes what goes to the service.',
  notes: [
    VALUES,
    'The request was validated before. Fields of the connection and of the framing cannot be set.',
  ],
  example: {
    headers: { set: { 'x-tenant': '$path.tenant' }, remove: ['cookie'] },
    path: { strip_prefix: '/public' },
  },
  config: configOf({
    headers,
    querystring: {
      ...configOf({
        remove: { ...NAMES, description: 'Dropped.' },
        rename: map('New names by old ones.'),
        add: map('Put beside what is there.'),
      }),
      description: 'Query parameters; in the order remove, rename, add.',
    },
    path: {
      ...configOf({
        strip_prefix: text('Taken off the beginning, where it is there.', { pattern: '^/' }),
        add_prefix: text('Put in front.', { pattern: '^/' }),
        replace: {
          ...configOf(
            {
              pattern: text('A regular expression of RE2.', { minLength: 1, maxLength: 1024 }),
              replacement: text('What is put in place of every match; `$1` is the first group.'),
            },
            ['pattern', 'replacement'],
          ),
          description: 'Replaces parts.',
        },
      }),
      description: 'The path, percent-encoded; in the order strip, replace, add.',
    },
    body,
  }),
}

const responseTransformer: BuiltinMiddleware = {
  name: 'response-transformer',
  type: 'middleware',
  stage: 'content',
  summary: 'Changes what comes back from the service.',
  notes: [
    'It sees every answer that comes from behind it in the chain, those of the gateway for a service that cannot be reached too. A body is held back until it is whole, up to `serve --max-body-size`; beyond it the client gets 502. A body with a content coding passes as it is.',
  ],
  example: { headers: { remove: ['x-powered-by'] }, status: { '404': 410 } },
  config: configOf({
    status: {
      type: 'object',
      propertyNames: { pattern: '^[2-5][0-9]{2}$' },
      additionalProperties: { type: 'integer', minimum: 200, maximum: 599 },
      description: 'New statuses by old ones.',
    },
    headers,
    body,
  }),
}

const cache: BuiltinMiddleware = {
  name: 'cache',
  type: 'middleware',
  stage: 'content',
  summary: 'Keeps answers and gives them again (RFC 9111).',
  notes: [
    'A shared cache: what `Cache-Control`, `Expires` and `Vary` say is obeyed. `private`, `no-store` and answers with `Set-Cookie` are never kept, and answers to requests with `Authorization`, or of a consumer that a middleware has named, only where `public`, `s-maxage` or `must-revalidate` allows it. `ttl` is for answers that say nothing of their age to requests without cookies.',
    'A stale answer is validated by its `ETag` or `Last-Modified`. `stale-while-revalidate` and `stale-if-error` (RFC 5861) are obeyed. Requests for the same answer wait for the first of them. `POST`, `PUT`, `PATCH` and `DELETE` make what is kept of their address invalid.',
    'Answers have `Age` and `Cache-Status` (RFC 9211). Entries are kept in the memory of the node, up to 64 MiB for all operations together; the address that was not asked for the longest goes first. A reload begins with an empty cache.',
  ],
  example: { ttl: 60, vary: ['accept-language'] },
  config: configOf({
    ttl: whole('How long answers that do not say so are kept, in seconds; 0 keeps none of them.', {
      minimum: 0,
      maximum: 31_536_000,
      default: 300,
    }),
    vary: {
      ...FIELDS,
      default: [],
      description: 'Request fields that answers depend on, besides their `Vary`.',
    },
    methods: {
      type: 'array',
      uniqueItems: true,
      items: { enum: ['GET', 'HEAD'] },
      default: ['GET', 'HEAD'],
      description: 'Requests that are answered from the cache.',
    },
    cacheable_status: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'integer', minimum: 200, maximum: 599 },
      default: [200, 301, 404],
      description: 'Answers that are kept.',
    },
    max_entry_bytes: whole('The largest body that is kept.', {
      minimum: 0,
      maximum: 67_108_864,
      default: 1_048_576,
    }),
  }),
}

const observability: BuiltinMiddleware = {
  name: 'observability',
  type: 'middleware',
  stage: 'access',
  summary: 'Logs requests and answers, and counts those that take too long.',
  notes: [
    'Lines are those of the gateway: JSON, with secrets masked. An answer that took longer than `latency_slo_ms` is logged as a warning and counted in `barbacane_latency_slo_violations_total`.',
  ],
  example: { latency_slo_ms: 250 },
  config: configOf({
    latency_slo_ms: whole('How long an answer may take.', { minimum: 1, maximum: 3_600_000 }),
    detailed_request_logs: flag('Log the header fields of every request.', false),
    detailed_response_logs: flag('Log status and header fields of every answer.', false),
    emit_latency_histogram: flag(
      'Measure how long answers take, apart from the histogram of all requests.',
      false,
    ),
  }),
}

const httpLog: BuiltinMiddleware = {
  name: 'http-log',
  type: 'middleware',
  stage: 'access',
  summary: 'Sends a record of every request to an HTTP service.',
  notes: [
    'Records are sent after the answer and never hold it up: as JSON, one a request, by at most eight requests at a time. While more than 10,000 wait, new ones are dropped and counted in `barbacane_http_log_dropped_total`. Secrets are masked.',
  ],
  example: { endpoint: 'https://logs.example/ingest', custom_fields: { team: 'shop' } },
  config: configOf(
    {
      endpoint: text('Where to.', { format: 'uri', pattern: '^https?://' }),
      method: { enum: ['POST', 'PUT'], default: 'POST', description: 'How.' },
      timeout_ms: whole('How long the service may take.', { minimum: 1, maximum: 60_000, default: 2000 }),
      content_type: text('What the records say they are.', { default: 'application/json' }),
      include_headers: flag('Put header fields into the record.', false),
      include_body: flag(
        'Put the request body into the record, up to 16 KiB of text, where it was read whole.',
        false,
      ),
      custom_fields: map('Members of every record.'),
    },
    ['endpoint'],
  ),
}

export const transformMiddlewares: readonly BuiltinMiddleware[] = [
  requestTransformer,
  responseTransformer,
  cache,
  observability,
  httpLog,
]
