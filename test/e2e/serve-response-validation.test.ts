import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'

import type { ResponseValidation } from '../../src/domain/index.ts'
import { planArtifact, route, upstream } from '../support/plan-artifact.ts'
import { spawnGateway, type SpawnedGateway } from '../support/spawn-gateway.ts'

describe('a gateway that compares answers with their description', () => {
  const cleanups: (() => unknown)[] = []
  let gateway: SpawnedGateway
  let service: Server

  before(async () => {
    service = createServer((request, response) => {
      const query = new URL(request.url ?? '', 'http://a').searchParams
      response.statusCode = Number(query.get('status') ?? 200)
      response.setHeader('content-type', 'application/json')
      const body = query.get('body') ?? '{"id":1}'
      if (!query.has('gzip')) return response.end(body)
      return response.setHeader('content-encoding', 'gzip').end(gzipSync(body))
    })
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
    const scope = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }
    const checked = (mode: ResponseValidation['mode']) =>
      route('GET', `/${mode}`, {
        dispatch: upstream(origin),
        response_validation: {
          mode,
          sample: 1,
          responses: [
            { status: '200', headers: [], content: [{ media_range: 'application/json', schema: 0 }] },
          ],
        },
      })
    gateway = await spawnGateway(scope, {
      artifact: planArtifact({
        allowPlaintext: true,
        schemas: [{ type: 'object', required: ['id'] }],
        routes: [checked('report'), checked('enforce'), route('GET', '/off', { dispatch: upstream(origin) })],
      }),
      flags: ['--allow-plaintext-upstream', '--max-body-size', '1000'],
    })
  })

  after(async () => {
    for (const cleanup of cleanups) await cleanup()
    service.close()
  })

  const ask = async (target: string) => {
    const response = await fetch(gateway.url + target)
    return { status: response.status, body: await response.text() }
  }

  it('lets what fits pass, and reports what does not', async () => {
    assert.deepEqual(await ask('/report'), { status: 200, body: '{"id":1}' })
    assert.deepEqual(await ask('/report?body={}'), { status: 200, body: '{}' })
    const line = await gateway.logged(({ msg }) => msg === 'a response does not fit its description')
    assert.deepEqual(line['errors'], [
      { pointer: '/body', in: 'body', reason: "must have required property 'id'" },
    ])
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text()
    for (const result of ['valid', 'invalid']) {
      const series = `barbacane_response_validations_total{method="GET",path="/report",result="${result}"} 1`
      assert.ok(metrics.includes(series), metrics)
    }
  })

  it('answers 502 in the place of what has to fit and does not, compressed or not', async () => {
    assert.deepEqual(await ask('/enforce?gzip'), { status: 200, body: '{"id":1}' })
    for (const target of ['?body={}', '?body={}&gzip', '?status=201', '?body=[']) {
      const { status, body } = await ask(`/enforce${target}`)
      assert.equal(status, 502, target)
      assert.match(body, /urn:barbacane:error:upstream-response-invalid/)
      assert.doesNotMatch(body, /errors/)
    }
  })

  it('lets what is too long to be looked at pass', async () => {
    const long = `{"a":"${'a'.repeat(2000)}"}`
    assert.deepEqual(await ask(`/enforce?body=${long}`), { status: 200, body: long })
  })

  it('looks at no other', async () => {
    assert.deepEqual(await ask('/off?body={}&status=201'), { status: 201, body: '{}' })
  })
})
