import { generateKeyPairSync } from 'node:crypto'

import { SignJWT } from 'jose'

import type { JsonObject } from '../src/domain/index.ts'
import { Fields } from '../src/runtime/http/index.ts'
import { composeChain } from '../src/runtime/middlewares/chain.ts'
import { Exchange, type Handler } from '../src/runtime/pipeline/index.ts'
import { middlewareBench } from '../test/support/middleware-run.ts'
import { median } from './measure.ts'
import { stubRequest } from './stub-request.ts'

const rounds = Number(process.argv[2] ?? 9)
const requests = 20_000

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const token = await new SignJWT({ sub: 'ann', roles: ['admin'] })
  .setProtectedHeader({ alg: 'ES256' })
  .setExpirationTime('1h')
  .sign(privateKey)
const basic = Buffer.from('ops:a long password').toString('base64')

/** What a client sends: ten fields, as an engine hands them on. */
const fields = (more: readonly string[]) =>
  [
    'host: api.example',
    'user-agent: Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0',
    'accept: application/json',
    'accept-encoding: gzip, br',
    'accept-language: en,fr;q=0.8',
    'origin: https://app.example',
    'referer: https://app.example/orders',
    'cookie: theme=dark; a=1',
    'x-request-id: 0f8fad5b-d9cb-469f-a165-70867728950e',
  ]
    .flatMap((line) => line.split(': '))
    .concat(more)
const consumer = ['x-auth-consumer', 'ann', 'x-auth-consumer-groups', 'reader,admin']

const cases: readonly (readonly [name: string, config: JsonObject, headers?: readonly string[]])[] = [
  [
    'jwt-auth',
    { public_key_jwk: publicKey.export({ format: 'jwk' }) as unknown as JsonObject, groups_claim: 'roles' },
    ['authorization', `Bearer ${token}`],
  ],
  [
    'apikey-auth',
    { keys: [{ key: 'a-long-secret-key', id: 'partner' }] },
    ['x-api-key', 'a-long-secret-key'],
  ],
  [
    'basic-auth',
    { credentials: [{ username: 'ops', password: 'a long password' }] },
    ['authorization', `Basic ${basic}`],
  ],
  ['acl', { allow: ['admin'] }, consumer],
  ['cel', { expression: 'request.method == "GET" && "admin" in request.groups' }, consumer],
  ['rate-limit', { quota: 1_000_000, window: 1 }],
  ['request-size-limit', {}],
  ['ip-restriction', { allow: ['192.0.2.0/24'], deny: ['192.0.2.66'] }],
  ['bot-detection', { deny: ['scrapy', 'ahrefsbot'] }],
  ['redirect', { rules: [{ path: '/old', target: '/new' }] }],
  ['cors', { allowed_origins: ['https://app.example'] }],
  ['correlation-id', {}],
  ['concurrency-limit', { max_concurrent: 100 }],
  ['circuit-breaker', {}],
  [
    'request-transformer',
    { headers: { set: { 'x-tenant': '$header.accept-language' }, remove: ['cookie'] } },
  ],
  ['response-transformer', { headers: { remove: ['x-powered-by'], set: { 'x-by': 'gateway' } } }],
  ['cache', {}],
  ['observability', { latency_slo_ms: 1000 }],
]

const answer: readonly string[] = [
  'cache-control',
  'max-age=3600',
  'content-type',
  'application/json',
  'x-powered-by',
  'php',
]
const body = Buffer.from('{"ok":true}')
const service: Handler = (exchange) => exchange.send(200, answer, body)
const scope = {
  maxBodyBytes: 1_000_000,
  fail: (_: Exchange, error: Error) => {
    throw error
  },
}

function run(handler: Handler, headers: readonly string[]): void {
  let close: ((complete: boolean) => void)[] = []
  const exchange = new Exchange(
    stubRequest(Fields.received(headers)),
    {
      send: ({ status }) => {
        if (status !== 200) throw new Error(`the answer is ${status}`)
        for (const listener of close) listener(true)
      },
      stream: () => ({
        write: () => true,
        onDrain: () => undefined,
        end: () => undefined,
        destroy: () => undefined,
      }),
      onClose: (listener) => (close = [...close, listener]),
    },
    'request-1',
    scope,
  )
  handler(exchange)
}

function nanosOf(handler: Handler, headers: readonly string[]): number {
  const started = process.hrtime.bigint()
  for (let count = 0; count < requests; count++) run(handler, headers)
  return Number(process.hrtime.bigint() - started) / requests
}

console.log('| middleware | ns a request | ÷ a request without |\n|---|---|---|')
for (const [name, config, more = []] of cases.filter(([name]) => name.includes(process.argv[3] ?? ''))) {
  const bench = middlewareBench([[name, config]], {
    service,
    host: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
  })
  const headers = fields(more)
  const handler = composeChain(bench.middlewares)(service)
  // Whatever is verified once is verified before.
  await bench.send({
    headers: Object.fromEntries(
      headers.flatMap((text, index) => (index % 2 === 0 ? [[text, headers[index + 1] as string]] : [])),
    ),
  })
  const samples: { bare: number; own: number }[] = []
  for (let round = -2; round < rounds; round++) {
    const bare = nanosOf(service, headers)
    const own = nanosOf(handler, headers) - bare
    if (round >= 0) samples.push({ bare, own })
  }
  const own = median(samples.map((sample) => sample.own))
  const bare = median(samples.map((sample) => sample.bare))
  console.log(`| ${name} | ${own.toFixed(0)} | ${(own / bare).toFixed(2)} |`)
}
