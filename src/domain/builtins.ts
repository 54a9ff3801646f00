import { authMiddlewares } from './builtin-auth.ts'
import { resilienceMiddlewares } from './builtin-resilience.ts'
import { trafficMiddlewares } from './builtin-traffic.ts'
import { transformMiddlewares } from './builtin-transform.ts'
import type { Builtin, BuiltinDispatcher } from './builtin.ts'

const text = { type: 'string' }

const mock: BuiltinDispatcher = {
  name: 'mock',
  type: 'dispatcher',
  summary: 'Answers with a fixed response.',
  config: {
    type: 'object',
    additionalProperties: false,
    properties: {
      status: { type: 'integer', minimum: 200, maximum: 599, default: 200 },
      headers: { type: 'object', additionalProperties: text, default: {} },
      body: { description: 'Text is sent as it is; any other JSON value is serialised.', default: '' },
      content_type: { ...text, default: 'application/json' },
    },
  },
}

const httpUpstream: BuiltinDispatcher = {
  name: 'http-upstream',
  type: 'dispatcher',
  summary: 'Forwards the request to an HTTP service.',
  config: {
    type: 'object',
    additionalProperties: false,
    required: ['url'],
    properties: {
      url: {
        ...text,
        format: 'uri',
        pattern: '^https?://',
        description: 'Origin and base path of the service.',
      },
      path: {
        ...text,
        pattern: '^/',
        description: 'Replaces the request path; `{name}` stands for a path parameter.',
      },
      timeout: { type: 'number', exclusiveMinimum: 0, maximum: 3600, default: 30, description: 'Seconds.' },
      tls: {
        type: 'object',
        additionalProperties: false,
        description: 'Whom the gateway believes to be the service, and how it shows itself. Texts are PEM.',
        dependentRequired: { client_cert: ['client_key'], client_key: ['client_cert'] },
        properties: {
          ca: { ...text, description: 'Authorities instead of those of the system.' },
          client_cert: { ...text, description: 'Certificate of the gateway, with its chain.' },
          client_key: { ...text, description: 'Private key of the gateway; a reference to a secret.' },
          server_name: { ...text, description: 'Name in the certificate of the service.' },
        },
      },
    },
  },
}

/** The built-in dispatchers and middlewares by name; they need no entry in `plugins:`. */
export const builtins: ReadonlyMap<string, Builtin> = new Map(
  [
    mock,
    httpUpstream,
    ...authMiddlewares,
    ...trafficMiddlewares,
    ...resilienceMiddlewares,
    ...transformMiddlewares,
  ].map((builtin) => [builtin.name, builtin]),
)
