import type { Fields, GatewayRequest } from '../src/runtime/http/index.ts'

/** A request without a body, as the engine hands it on. */
export function stubRequest(headers: Fields): GatewayRequest {
  return {
    method: 'GET',
    path: '/orders/4711',
    query: '',
    headers,
    hasBody: false,
    contentLength: -1,
    remoteAddress: '192.0.2.1',
    scheme: 'https',
    version: '1.1',
    readBody: () => undefined,
    streamBody: () => ({ resume: () => undefined }),
  }
}
