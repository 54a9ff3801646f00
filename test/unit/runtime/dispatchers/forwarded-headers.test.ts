import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { requestLines } from '../../../../src/runtime/dispatchers/forwarded-headers.ts'
import type { GatewayRequest } from '../../../../src/runtime/http/index.ts'
import { Exchange } from '../../../../src/runtime/pipeline/index.ts'
import { gatewayRequest } from '../../../support/gateway-request.ts'
import { recordingReply } from '../../../support/recording-reply.ts'

const headers = [
  ['Host', 'gateway.test'],
  ['X-Forwarded-For', '198.51.100.9'],
  ['X-Forwarded-Proto', 'https'],
  ['X-Forwarded-Host', 'api.test'],
  ['X-Forwarded-Port', '443'],
  ['X-Real-IP', '198.51.100.9'],
  ['Forwarded', 'for=198.51.100.9'],
  ['X-Keep', '1'],
].flat()

function linesOf(
  isFromProxy: boolean,
  how: Partial<Pick<GatewayRequest, 'scheme' | 'version'>> = {},
): string {
  const request = gatewayRequest({ headers, remoteAddress: '10.0.0.1', ...how })
  const scope = { maxBodyBytes: 10, fail: () => assert.fail('nothing fails') }
  const exchange = new Exchange(request, recordingReply().reply, 'id-1', scope)
  exchange.isFromProxy = isFromProxy
  return requestLines(exchange)
}

describe('what a service is told of the client', () => {
  it('is the word of the gateway alone', () => {
    assert.equal(
      linesOf(false),
      'X-Keep: 1\r\nx-forwarded-for: 10.0.0.1\r\nx-forwarded-proto: http\r\n' +
        'via: 1.1 barbacane\r\nx-request-id: id-1\r\nx-forwarded-host: gateway.test\r\n',
    )
  })

  it('says by what the gateway was asked', () => {
    const lines = linesOf(false, { scheme: 'https', version: '2.0' })
    assert.match(lines, /x-forwarded-proto: https\r\nvia: 2\.0 barbacane\r\n/)
  })

  it('is that of a trusted proxy, which is appended', () => {
    assert.equal(
      linesOf(true),
      'X-Forwarded-Port: 443\r\nX-Real-IP: 198.51.100.9\r\nX-Keep: 1\r\n' +
        'x-forwarded-for: 198.51.100.9, 10.0.0.1\r\nx-forwarded-proto: https\r\n' +
        'via: 1.1 barbacane\r\nx-request-id: id-1\r\nx-forwarded-host: api.test\r\n',
    )
  })
})
