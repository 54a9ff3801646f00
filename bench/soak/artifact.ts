import { body, parameter, planArtifact, route, upstream } from '../../test/support/plan-artifact.ts'
import { data, entry, watPlugin } from '../../test/support/wat-plugin.ts'

const answer = '{"action":0,"data":{"headers":{"host":"a.example"}}}'
/** Looks at its input and hands the request on. */
const plugin = watPlugin({
  body: `${data(1024, answer)} ${entry(
    'on_request',
    `(call $host_set_output (i32.const 1024) (i32.const ${answer.length})) (i32.const 0)`,
  )}`,
})

const order = {
  type: 'object',
  required: ['title', 'amount'],
  additionalProperties: false,
  properties: { title: { type: 'string', maxLength: 100 }, amount: { type: 'integer', minimum: 1 } },
}

/** An API with a route of every kind before one service; no two versions are the same. */
export function soakArtifact(origin: string, version: number): Buffer {
  const dispatch = upstream(origin)
  const routes = [
    route('GET', '/version', { dispatch: { name: 'mock', config: { body: String(version) } } }),
    route('GET', '/plain/{id}', {
      dispatch,
      parameters: [parameter('id', 'path', { schema: 0 })],
      middlewares: [
        { name: 'correlation-id', config: {} },
        { name: 'rate-limit', config: { quota: 5, window: 2, partition_key: 'header:x-caller' } },
        { name: 'concurrency-limit', config: { max_concurrent: 500 } },
        { name: 'circuit-breaker', config: { name: 'plain', open_seconds: 1 } },
      ],
    }),
    route('POST', '/orders', { dispatch, body: body('application/json', 1) }),
    route('POST', '/upload', { dispatch, body: body('*/*', null) }),
    route('GET', '/stream', { dispatch }),
    route('GET', '/slow', { dispatch }),
    route('GET', '/cached/{key}', { dispatch, middlewares: [{ name: 'cache', config: { ttl: 60 } }] }),
    route('GET', '/plugin', { dispatch, middlewares: [{ name: 'looks', config: { version } }] }),
    route('GET', '/socket', {
      dispatch: { name: 'ws-upstream', config: { url: origin.replace('http', 'ws') } },
    }),
  ]
  return planArtifact({
    allowPlaintext: true,
    specs: { 'specs/api.yaml': `# ${version}\n` },
    schemas: [{ type: 'integer' }, order],
    plugins: { looks: plugin },
    routes,
  })
}
