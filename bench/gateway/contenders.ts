import { generateKeyPairSync, sign } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { JsonObject } from '../../src/domain/index.ts'
import { body, parameter, planArtifact, route, upstream } from '../../test/support/plan-artifact.ts'

export interface Contender {
  readonly name: string
  /** What it does beyond forwarding. */
  readonly note: string
  readonly port: number
  readonly command: readonly string[]
  /** Where it takes orders, and what it wants to know of whoever sends one. */
  readonly orders: { readonly path: string; readonly headers: Readonly<Record<string, string>> }
}

/** What the gateway does with an order beside forwarding it: each includes the one before. */
type Duty = 'plain' | 'validating' | 'full'

const order = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'customer', 'items'],
  properties: {
    id: { type: 'integer', minimum: 1 },
    customer: { type: 'string', minLength: 1, maxLength: 100 },
    note: { type: 'string', maxLength: 1000 },
    items: {
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['sku', 'quantity', 'price'],
        properties: {
          sku: { type: 'string', pattern: '^[A-Z]{3}-[0-9]{4}$' },
          quantity: { type: 'integer', minimum: 1, maximum: 999 },
          price: { type: 'number', minimum: 0 },
        },
      },
    },
  },
} as const

/** A valid order of about 1 KB. */
export const orderText = JSON.stringify({
  id: 4711,
  customer: 'Ada Example',
  note: 'n'.repeat(300),
  items: Array.from({ length: 12 }, (_, index) => ({
    sku: `ABC-${1000 + index}`,
    quantity: index + 1,
    price: 9.5,
  })),
})

const nginx = (upstreamPort: number, port: number, folder: string, name: string) => {
  const path = join(folder, `${name}.conf`)
  writeFileSync(
    path,
    `daemon off; worker_processes 1; pid ${folder}/${name}.pid; error_log stderr error;
events { worker_connections 8192; }
http { access_log off; keepalive_requests 100000000; keepalive_timeout 600;
  client_body_temp_path ${folder}/${name}-body; proxy_temp_path ${folder}/${name}-proxy;
  fastcgi_temp_path ${folder}/${name}-f; uwsgi_temp_path ${folder}/${name}-u; scgi_temp_path ${folder}/${name}-s;
  upstream service { server 127.0.0.1:${upstreamPort}; keepalive 256; keepalive_requests 100000000; }
  server { listen 127.0.0.1:${port} backlog=4096;
    location / { proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; } } }
`,
  )
  return ['nginx', '-c', path, '-p', folder]
}

/** The service behind all of them: nginx, which answers from memory and from a file of 1 MB. */
export function serviceCommand(port: number, folder: string): readonly string[] {
  writeFileSync(join(folder, 'large'), Buffer.alloc(2 ** 20, 'x'))
  const path = join(folder, 'service.conf')
  const answer = JSON.stringify({ id: 1, name: 'n'.repeat(180) })
  writeFileSync(
    path,
    `daemon off; worker_processes 1; pid ${folder}/service.pid; error_log stderr error;
events { worker_connections 8192; }
http { access_log off; keepalive_requests 100000000; keepalive_timeout 600; sendfile on;
  client_body_temp_path ${folder}/service-body; proxy_temp_path ${folder}/service-proxy;
  fastcgi_temp_path ${folder}/service-f; uwsgi_temp_path ${folder}/service-u; scgi_temp_path ${folder}/service-s;
  server { listen 127.0.0.1:${port} backlog=4096;
    location / { default_type application/json; return 200 '${answer}'; }
    location = /large { root ${folder}; default_type application/octet-stream; } } }
`,
  )
  return ['nginx', '-c', path, '-p', folder]
}

export function contendersFor(
  upstreamPort: number,
  ports: readonly number[],
  folder: string,
): readonly Contender[] {
  const origin = `http://127.0.0.1:${upstreamPort}`
  const node = process.execPath
  const peer = (name: string, port: number) => [
    node,
    join(import.meta.dirname, 'peers.mjs'),
    name,
    String(port),
    origin,
  ]
  const issuer = createIssuer()
  const gateway = (duty: Duty, port: number) => {
    const path = join(folder, `${duty}.bca`)
    const flags = ['--listen', `127.0.0.1:${port}`, '--admin-bind', 'off', '--allow-plaintext-upstream']
    const main = join(import.meta.dirname, '../../dist/runtime/main.js')
    writeFileSync(path, artifactFor(duty, origin, issuer.jwk))
    return [node, main, '--artifact', path, ...flags, '--log-level', duty === 'full' ? 'info' : 'error']
  }
  const haproxy = (port: number) => {
    const path = join(folder, 'haproxy.cfg')
    writeFileSync(
      path,
      `global\n  nbthread 1\n  maxconn 8192\ndefaults\n  mode http\n  timeout client 60s\n  timeout server 60s
  timeout connect 5s\n  http-reuse always\nfrontend f\n  bind 127.0.0.1:${port}\n  default_backend b
backend b\n  server s 127.0.0.1:${upstreamPort}\n`,
    )
    return ['haproxy', '-db', '-f', path]
  }
  const openapi = join(folder, 'openapi.json')
  writeFileSync(openapi, JSON.stringify(description(origin)))
  const prism = join(import.meta.dirname, 'node_modules/@stoplight/prism-cli/dist/index.js')
  const made: readonly (readonly [string, string, (port: number) => readonly string[]])[] = [
    ['nginx', 'C, one worker', (port) => nginx(upstreamPort, port, folder, 'proxy')],
    ['HAProxy', 'C, one thread', haproxy],
    ['barbacane', 'routes, request id, metrics', (port) => gateway('plain', port)],
    ['barbacane, validating', 'and the body against its schema', (port) => gateway('validating', port)],
    [
      'barbacane, everything',
      'and typed parameters, a token, a rate limit, an access log',
      (port) => gateway('full', port),
    ],
    ['@fastify/http-proxy', '', (port) => peer('@fastify/http-proxy', port)],
    ['fast-gateway', '', (port) => peer('fast-gateway', port)],
    ['http-proxy-middleware', 'on express', (port) => peer('http-proxy-middleware', port)],
    [
      'Prism proxy',
      'the body against its schema',
      (port) => [node, prism, 'proxy', openapi, origin, '-p', String(port), '-h', '127.0.0.1', '--errors'],
    ],
  ]
  return made.map(([name, note, command], index) => {
    const port = ports[index] as number
    const orders =
      name === 'barbacane, everything'
        ? {
            path: '/shops/17/orders?dryRun=true',
            headers: { Authorization: `Bearer ${issuer.token}`, 'X-Tenant': '17' },
          }
        : { path: '/orders', headers: {} }
    return { name, note, port, command: command(port), orders }
  })
}

/** A description in which every order is forwarded, is validated, or has to pass all that a gateway is for. */
function artifactFor(duty: Duty, origin: string, jwk: JsonObject): Buffer {
  const dispatch = upstream(origin)
  const checked = duty === 'plain' ? {} : { body: body('application/json', 0) }
  const middlewares = [
    { name: 'jwt-auth', config: { public_key_jwk: jwk, issuer: 'https://id.example', audience: 'orders' } },
    { name: 'rate-limit', config: { quota: 1_000_000, window: 1, partition_key: 'consumer' } },
  ]
  const parameters = [
    parameter('shop', 'path', { schema: 1 }),
    parameter('dryRun', 'query', { schema: 2 }),
    parameter('x-tenant', 'header', { schema: 1 }),
  ]
  const orders =
    duty === 'full'
      ? route('POST', '/shops/{shop}/orders', { dispatch, middlewares, parameters, ...checked })
      : route('POST', '/orders', { dispatch, ...checked })
  return planArtifact({
    allowPlaintext: true,
    schemas: [order, { type: 'integer', minimum: 1 }, { type: 'boolean' }],
    routes: [route('GET', '/{rest+}', { dispatch }), orders],
  })
}

/** Whom the gateway believes, and a token that it has signed; the signature is checked once, then remembered. */
function createIssuer(): { readonly jwk: JsonObject; readonly token: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { iss: 'https://id.example', aud: 'orders', sub: 'ada', exp: 4_102_444_800 }
  const signed = `${encoded({ alg: 'ES256' })}.${encoded(claims)}`
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  const jwk = publicKey.export({ format: 'jwk' }) as JsonObject
  return { jwk, token: `${signed}.${signature.toString('base64url')}` }
}

function description(origin: string) {
  const ok = { 200: { description: 'ok' } }
  const content = { 'application/json': { schema: order } }
  return {
    openapi: '3.1.0',
    info: { title: 'Orders', version: '1' },
    servers: [{ url: origin }],
    paths: {
      '/small': { get: { responses: ok } },
      '/large': { get: { responses: ok } },
      '/orders': { post: { requestBody: { required: true, content }, responses: ok } },
    },
  }
}
