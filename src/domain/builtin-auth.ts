import { configOf, FIELD_NAME, flag, seconds, text, texts, whole, type BuiltinMiddleware } from './builtin.ts'

const IDENTITY =
  'It tells the rest of the chain and the service who sent the request: `x-auth-consumer` and `x-auth-consumer-groups`, a list with commas. Fields that begin with `x-auth-` never get in from outside.'

const jwtAuth: BuiltinMiddleware = {
  name: 'jwt-auth',
  type: 'middleware',
  stage: 'access',
  summary: 'Lets in who bears a valid JSON Web Token.',
  notes: [
    'The token comes in `Authorization: Bearer`. Its signature is checked by one of the keys given, its `exp` and `nbf` by the clock, and `iss` and `aud` where they are given; a token without `exp` is refused. Only asymmetric algorithms are accepted, and only those that fit the type of the key, whatever the token says of itself; `jwk`, `jku` and `x5u` in a token are never followed.',
    'Keys come from one of `public_key_jwk`, `public_key_pem` and `jwks_url`. A key set is fetched when it is first needed, again after `jwks_refresh_seconds`, and when a token names a key that is not in it, at most every ten seconds. While the set cannot be fetched, the last one stays in use for `jwks_grace_seconds`; without any, the answer is 503.',
    'A token that was valid is remembered until it expires, so that its signature is checked once; a new key set forgets them all.',
    `${IDENTITY} The consumer is \`sub\`; \`x-auth-scope\` has the scopes.`,
  ],
  example: {
    issuer: 'https://id.example',
    audience: 'orders',
    jwks_url: 'https://id.example/.well-known/jwks.json',
    groups_claim: 'roles',
  },
  config: {
    ...configOf({
      public_key_jwk: {
        type: 'object',
        required: ['kty'],
        properties: {
          kty: { enum: ['RSA', 'EC', 'OKP'] },
          n: { type: 'string' },
          e: { type: 'string' },
          x: { type: 'string' },
          y: { type: 'string' },
          crv: { type: 'string' },
          kid: { type: 'string' },
          alg: { type: 'string' },
        },
        description: 'The key, as a JSON Web Key (RFC 7517).',
      },
      public_key_pem: text('The key, as PEM (SPKI).', { pattern: '-----BEGIN PUBLIC KEY-----' }),
      jwks_url: text('Where the key set is.', { format: 'uri', pattern: '^https?://' }),
      issuer: text('What `iss` has to be.'),
      audience: {
        anyOf: [{ type: 'string' }, texts('One of them.', { minItems: 1 })],
        description: 'What `aud` has to be or hold; one of a list.',
      },
      required_scopes: texts('Scopes that `scope` or `scp` has to hold, all of them.'),
      groups_claim: text('The claim with the groups, a list or a text with spaces; dots lead into objects.'),
      clock_skew_seconds: seconds('How far clocks may differ', 60, 600),
      jwks_refresh_seconds: seconds('How long a key set is used before it is fetched again', 300),
      jwks_grace_seconds: seconds(
        'How long after its last fetch a key set is used while it cannot be fetched',
        86_400,
        604_800,
      ),
      jwks_timeout_seconds: seconds('How long fetching a key set may take', 5, 60),
      max_cached_tokens: whole('Tokens that are remembered.', {
        minimum: 0,
        maximum: 100_000,
        default: 10_000,
      }),
    }),
    oneOf: [{ required: ['public_key_jwk'] }, { required: ['public_key_pem'] }, { required: ['jwks_url'] }],
  },
}

const apikeyAuth: BuiltinMiddleware = {
  name: 'apikey-auth',
  type: 'middleware',
  stage: 'access',
  summary: 'Lets in who knows one of the keys.',
  notes: [
    'Keys are compared by their digests, so that the time it takes says nothing about them. The key is dropped before the request goes on.',
    `${IDENTITY} The consumer is the \`id\` of the key, its groups are its scopes.`,
  ],
  example: { keys: [{ key: 'env://PARTNER_KEY', id: 'partner', scopes: ['read'] }] },
  config: configOf(
    {
      key_location: { enum: ['header', 'query'], default: 'header', description: 'Where the key is.' },
      header_name: text('The header field with the key.', { pattern: FIELD_NAME, default: 'X-API-Key' }),
      query_param: text('The query parameter with the key.', { minLength: 1, default: 'api_key' }),
      keys: {
        type: 'array',
        minItems: 1,
        description: 'Who may call.',
        items: configOf(
          {
            key: text('The key, or `sha256:` and the SHA-256 of it in hex.', {
              minLength: 8,
              writeOnly: true,
            }),
            id: text('Who it belongs to.', { minLength: 1 }),
            name: text('For people.'),
            scopes: texts('Its groups.'),
          },
          ['key', 'id'],
        ),
      },
    },
    ['keys'],
  ),
}

const basicAuth: BuiltinMiddleware = {
  name: 'basic-auth',
  type: 'middleware',
  stage: 'access',
  summary: 'Lets in who knows a user name and its password (RFC 7617).',
  notes: [
    'A password is written as its hash: `$argon2id$…`, `$scrypt$…` (PHC strings) or `$2b$…` (bcrypt). A secret may also hold the password itself. An unknown user takes as long as a wrong password. Hashes are computed a few at a time; while too many wait, the answer is 503. A pair that was right is remembered, by a digest under a key of this process, for five minutes.',
    `${IDENTITY} The consumer is the user name, its groups are its roles.`,
  ],
  example: {
    realm: 'orders',
    credentials: [{ username: 'ops', password: 'env://OPS_HASH', roles: ['admin'] }],
  },
  config: configOf(
    {
      realm: text('What the password is for.', {
        pattern: '^[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]+$',
        default: 'api',
      }),
      strip_credentials: flag('Drop `Authorization` before the request goes on.', true),
      credentials: {
        type: 'array',
        minItems: 1,
        description: 'Who may call.',
        items: configOf(
          {
            username: text('Without a colon.', { pattern: '^[^:]+$' }),
            password: text('A hash, or a reference to a secret.', { minLength: 1, writeOnly: true }),
            roles: texts('The groups of the user.'),
          },
          ['username', 'password'],
        ),
      },
    },
    ['credentials'],
  ),
}

const acl: BuiltinMiddleware = {
  name: 'acl',
  type: 'middleware',
  stage: 'access',
  summary: 'Lets in consumers by name and group.',
  notes: [
    'Put it behind an authenticating middleware: who has no name is refused. What denies goes before what allows. Where there is any `allow` or `allow_consumers`, one of them has to fit; otherwise whoever is not denied is let in.',
  ],
  example: { allow: ['admin', 'editor'], deny_consumers: ['former-partner'] },
  config: configOf({
    allow: texts('Groups that are let in.'),
    deny: texts('Groups that are refused.'),
    allow_consumers: texts('Consumers that are let in.'),
    deny_consumers: texts('Consumers that are refused.'),
    consumer_groups: {
      type: 'object',
      additionalProperties: { type: 'array', items: { type: 'string', minLength: 1 } },
      description: 'Further groups by consumer.',
    },
    message: text('What the refusal says.', { default: 'The consumer may not do this.' }),
    hide_consumer_in_errors: flag('Leave the name of the consumer out of the refusal.', false),
  }),
}

const cel: BuiltinMiddleware = {
  name: 'cel',
  type: 'middleware',
  stage: 'access',
  summary: 'Decides by an expression of CEL.',
  notes: [
    'The expression is [a predicate](../predicates.md): it is checked when the description is compiled. Without `on_match`, it has to be true for the request to go on. With `on_match`, requests for which it is true are denied or marked, and all others go on. An expression that fails or costs too much refuses the request, and the log says why.',
    'It sees `request.method`, `request.path`, `request.query` (a map of lists), `request.headers` (names in lower case), `request.path_params`, `request.client_ip`, `request.consumer`, `request.groups`, `request.claims` (of the token), `request.body` (a JSON document; read only where it is mentioned), `context` and `now`. What a request does not have is no attribute: ask with `has()`.',
  ],
  example: { expression: 'request.method == "GET" || "editor" in request.groups' },
  config: configOf(
    {
      expression: text('What is to be true.', { minLength: 1, maxLength: 32_768 }),
      deny_message: text('What the refusal says.', { default: 'The policy does not allow this.' }),
      on_match: {
        ...configOf({
          set_context: {
            type: 'object',
            additionalProperties: { type: 'string' },
            description: 'Values for the rest of the chain.',
          },
          deny: configOf(
            {
              status: whole('Status of the refusal.', { minimum: 400, maximum: 499, default: 403 }),
              code: text('What the member `code` of the refusal says.', { pattern: '^[a-z0-9_.-]+$' }),
              message: text('What the refusal says.'),
            },
            ['code'],
          ),
        }),
        minProperties: 1,
        description: 'What happens to requests for which the expression is true.',
      },
    },
    ['expression'],
  ),
}

export const authMiddlewares: readonly BuiltinMiddleware[] = [jwtAuth, apikeyAuth, basicAuth, acl, cel]
