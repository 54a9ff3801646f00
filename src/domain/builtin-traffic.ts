import { configOf, FIELD_NAME, flag, refusal, text, texts, whole, type BuiltinMiddleware } from './builtin.ts'
import type { JsonObject } from './json.ts'

const PROXIES: JsonObject = texts(
  'Addresses and networks of proxies in front of the gateway, whose `X-Forwarded-For` is believed.',
  { default: [] },
)

const rateLimit: BuiltinMiddleware = {
  name: 'rate-limit',
  type: 'middleware',
  stage: 'access',
  summary: 'Limits how many requests a caller may send in a window of time.',
  notes: [
    'The window moves with the clock: no window of that length ever holds more than the quota. Counts are exact on a node, are shared by all operations with the same policy name, quota and window, and outlive a reload. Each node counts for itself.',
    'Every answer has `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers); a refusal is 429 with `Retry-After`.',
  ],
  example: { quota: 100, window: 60, partition_key: 'consumer' },
  config: configOf(
    {
      quota: whole('Requests in a window.', { minimum: 1, maximum: 1_000_000 }),
      window: whole('Length of the window, in seconds.', { minimum: 1, maximum: 86_400 }),
      policy_name: text('Names the count, and stands in the headers.', {
        pattern: '^[A-Za-z0-9_.:-]{1,64}$',
        default: 'default',
      }),
      partition_key: text(
        'What a caller is: `client_ip`, `consumer`, `header:NAME` or `context:KEY`. Callers without it share one count.',
        { pattern: '^(client_ip|consumer|header:.+|context:.+)$', default: 'client_ip' },
      ),
      trusted_proxies: PROXIES,
      fail_open: flag('Accepted for the sake of other gateways: counting here cannot fail.', false),
    },
    ['quota', 'window'],
  ),
}

const requestSizeLimit: BuiltinMiddleware = {
  name: 'request-size-limit',
  type: 'middleware',
  stage: 'access',
  summary: 'Refuses request bodies over a size.',
  notes: [
    'It can only be narrower than `serve --max-body-size`. A body without a length is counted as it arrives.',
  ],
  example: { max_bytes: 65_536 },
  config: configOf({
    max_bytes: whole('The largest body.', { minimum: 0, maximum: 1_099_511_627_776, default: 1_048_576 }),
    check_content_length: flag('Refuse by `Content-Length`, before the body arrives.', true),
  }),
}

const ipRestriction: BuiltinMiddleware = {
  name: 'ip-restriction',
  type: 'middleware',
  stage: 'access',
  summary: 'Lets in or refuses by the address of the client.',
  notes: [
    'Entries are addresses or networks (`192.0.2.0/24`, `2001:db8::/32`). What denies goes before what allows; where there is any `allow`, one has to fit. Behind a trusted proxy the client is the last address of `X-Forwarded-For` that is no trusted proxy.',
  ],
  example: { allow: ['10.0.0.0/8'], deny: ['10.66.0.0/16'] },
  config: {
    ...configOf({
      allow: texts('Let in.'),
      deny: texts('Refused.'),
      trusted_proxies: PROXIES,
      message: text('What the refusal says.', { default: 'This address may not call.' }),
      status: refusal(403),
    }),
    anyOf: [{ required: ['allow'] }, { required: ['deny'] }],
  },
}

const botDetection: BuiltinMiddleware = {
  name: 'bot-detection',
  type: 'middleware',
  stage: 'access',
  summary: 'Refuses by the name that a program gives itself in `User-Agent`.',
  notes: [
    'Entries are parts of the name, without regard to case. What allows goes before what denies. A name is easily changed: this keeps out the honest ones.',
  ],
  example: { deny: ['scrapy', 'ahrefsbot'], block_empty_ua: true },
  config: configOf({
    deny: texts('Refused.'),
    allow: texts('Let in whatever `deny` says.'),
    block_empty_ua: flag('Refuse who gives no name.', false),
    message: text('What the refusal says.', { default: 'This program may not call.' }),
    status: refusal(403),
  }),
}

const redirect: BuiltinMiddleware = {
  name: 'redirect',
  type: 'middleware',
  stage: 'access',
  summary: 'Sends clients to another address.',
  notes: [
    'The first rule that fits answers: `path` fits the whole path, `prefix` its beginning, up to a slash; what follows the prefix is added to the target. A rule with neither fits every request.',
  ],
  example: { status_code: 308, rules: [{ prefix: '/v1', target: 'https://api.example/v2' }] },
  config: configOf(
    {
      status_code: { enum: [301, 302, 303, 307, 308], default: 302, description: 'Status of the answer.' },
      preserve_query: flag('Add the query of the request to the target.', true),
      rules: {
        type: 'array',
        minItems: 1,
        description: 'Where to.',
        items: {
          ...configOf(
            {
              path: text('The path.', { pattern: '^/' }),
              prefix: text('The beginning of the path.', { pattern: '^/' }),
              target: text('An address or a path.', { pattern: '^(https?://[^\\s]+|/([^/\\s][^\\s]*)?)$' }),
              status_code: { enum: [301, 302, 303, 307, 308], description: 'Instead of the one above.' },
            },
            ['target'],
          ),
          not: { required: ['path', 'prefix'] },
        },
      },
    },
    ['rules'],
  ),
}

const cors: BuiltinMiddleware = {
  name: 'cors',
  type: 'middleware',
  stage: 'access',
  summary: 'Lets pages of other origins call (Cross-Origin Resource Sharing).',
  notes: [
    'Preflight requests are answered by the gateway, for every path with an operation that has this middleware, before any other middleware. Requests of other origins go on without the headers, and the browser keeps the answer from the page. Refusals have the headers too, so that the page sees why. `*` with `allow_credentials` is refused at compile: name the origins.',
  ],
  example: { allowed_origins: ['https://app.example'], allow_credentials: true },
  config: {
    ...configOf(
      {
        allowed_origins: texts(
          'Origins, such as `https://app.example`; `https://*.example` fits one more label; or `*`.',
          {
            minItems: 1,
            items: { type: 'string', pattern: '^(\\*|null|https?://(\\*\\.)?[A-Za-z0-9.-]+(:[0-9]+)?)$' },
          },
        ),
        allowed_methods: texts('What they may do.', { default: ['GET', 'POST'] }),
        allowed_headers: texts('Fields that they may send; `*` for all.', { default: [] }),
        expose_headers: texts('Fields that they may read.', { default: [] }),
        max_age: whole('How long a browser may keep the answer to a preflight, in seconds.', {
          minimum: 0,
          maximum: 86_400,
          default: 3600,
        }),
        allow_credentials: flag('Let them send cookies and credentials.', false),
      },
      ['allowed_origins'],
    ),
    not: {
      required: ['allow_credentials'],
      properties: {
        allow_credentials: { const: true },
        allowed_origins: { contains: { const: '*' } },
      },
    },
  },
}

const correlationId: BuiltinMiddleware = {
  name: 'correlation-id',
  type: 'middleware',
  stage: 'access',
  summary: 'Gives a request an id that goes along to the service and back to the client.',
  notes: ['An id that comes from outside is kept if it has 1 to 128 letters, digits and `._~:/+=-`.'],
  example: { header_name: 'x-correlation-id' },
  config: configOf({
    header_name: text('The header field.', { pattern: FIELD_NAME, default: 'x-correlation-id' }),
    generate_if_missing: flag('Make one where there is none.', true),
    trust_incoming: flag('Keep the one that the client sends.', true),
    include_in_response: flag('Send it back.', true),
  }),
}

export const trafficMiddlewares: readonly BuiltinMiddleware[] = [
  rateLimit,
  requestSizeLimit,
  ipRestriction,
  botDetection,
  redirect,
  cors,
  correlationId,
]
