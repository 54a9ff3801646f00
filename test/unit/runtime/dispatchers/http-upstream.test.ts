import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { DispatcherContext } from '../../../../src/runtime/dispatchers/context.ts'
import { createHttpUpstream } from '../../../../src/runtime/dispatchers/http-upstream.ts'
import type { UpstreamClient, UpstreamFault } from '../../../../src/runtime/http/index.ts'
import { Exchange } from '../../../../src/runtime/pipeline/index.ts'
import { fakeRuntimeHost } from '../../../support/fake-runtime-host.ts'
import { gatewayRequest } from '../../../support/gateway-request.ts'
import { recordingReply } from '../../../support/recording-reply.ts'

/** The answer of a gateway whose service fails in this way, and what the metrics were told. */
function answerTo(fault: UpstreamFault) {
  const failed: string[] = []
  const client: Pick<UpstreamClient, 'send'> = {
    send: (_, handler) => {
      handler.onFault(fault, new Error('10.0.0.1 is a private address'))
      return undefined as never
    },
  }
  const metrics = { failed: (name: string) => void failed.push(name) }
  const context = {
    captureNames: [],
    upstreams: { of: () => ({ origin: 'https://api.test', client, metrics }) },
    host: fakeRuntimeHost(),
    log: { log: () => {} },
    dev: false,
  } as unknown as DispatcherContext
  const { reply, answers } = recordingReply()
  const scope = { maxBodyBytes: 10, fail: (_: Exchange, error: Error) => assert.fail(error) }
  createHttpUpstream({ url: 'https://api.test' }, context)(new Exchange(gatewayRequest(), reply, 'id', scope))
  return {
    failed,
    status: answers[0]?.head.status,
    type: JSON.parse(answers[0]?.body ?? '{}').type as string,
  }
}

describe('http-upstream', () => {
  it('tells clients in what way a service fails, and nothing of its address', () => {
    for (const [fault, status, kind] of [
      ['refused', 502, 'upstream-refused'],
      ['unavailable', 502, 'upstream-unavailable'],
      ['timeout', 504, 'upstream-timeout'],
    ] as const) {
      const answer = answerTo(fault)
      assert.deepEqual(answer, { failed: [fault], status, type: `urn:barbacane:error:${kind}` })
    }
  })
})
