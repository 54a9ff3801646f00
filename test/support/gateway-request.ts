import assert from 'node:assert/strict'

import { Fields, type GatewayRequest } from '../../src/runtime/http/index.ts'

/** A request of which a test gives what matters to it; its body must not be read. */
export function gatewayRequest({
  headers = [],
  ...members
}: Partial<Omit<GatewayRequest, 'headers'>> & { readonly headers?: readonly string[] } = {}): GatewayRequest {
  return {
    method: 'GET',
    path: '/',
    query: '',
    headers: Fields.received(headers),
    hasBody: false,
    contentLength: -1,
    remoteAddress: '',
    scheme: 'http',
    version: '1.1',
    readBody: () => assert.fail('the body is not to be read'),
    streamBody: () => assert.fail('the body is not to be read'),
    ...members,
  }
}
