import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createAdminGuard } from '../../../../src/runtime/admin/admin-access.ts'
import { gatewayRequest } from '../../../support/gateway-request.ts'

const TOKEN = 'a-token-of-operators'
const PATHS = ['/health', '/ready', '/metrics', '/_admin/provenance', '/_admin/reload', '/nothing']

/** The statuses with which the paths are refused; 0 where one is not. */
function refusals(
  access: { readonly token?: string; readonly needsCertificate?: boolean },
  request: Parameters<typeof gatewayRequest>[0] = {},
): readonly number[] {
  const guard = createAdminGuard(
    { token: undefined, needsCertificate: false, ...access },
    new Set(['/_admin/reload']),
  )
  return PATHS.map((path) => guard(gatewayRequest({ ...request, path }))?.status ?? 0)
}

const bearing = (authorization: string) => ({ headers: ['authorization', authorization] })

describe('the guard of the admin listener', () => {
  it('lets everybody ask who reaches it, unless told otherwise', () => {
    assert.deepEqual(refusals({}), [0, 0, 0, 0, 0, 0])
  })

  it('asks for the token, except of probes and where another one is asked for', () => {
    assert.deepEqual(refusals({ token: TOKEN }), [0, 0, 401, 401, 0, 401])
    assert.deepEqual(refusals({ token: TOKEN }, bearing(`Bearer ${TOKEN}`)), [0, 0, 0, 0, 0, 0])
    for (const wrong of [`Bearer ${TOKEN}x`, `Basic ${TOKEN}`, TOKEN, 'Bearer', `bearer ${TOKEN}`, ''])
      assert.deepEqual(refusals({ token: TOKEN }, bearing(wrong)), [0, 0, 401, 401, 0, 401], wrong)
  })

  it('asks for a certificate, except of probes', () => {
    const access = { needsCertificate: true }
    assert.deepEqual(refusals(access), [0, 0, 403, 403, 403, 403])
    assert.deepEqual(refusals(access, { isPeerVerified: false }), [0, 0, 403, 403, 403, 403])
    assert.deepEqual(refusals(access, { isPeerVerified: true }), [0, 0, 0, 0, 0, 0])
  })

  it('asks for both where both are wanted', () => {
    const access = { token: TOKEN, needsCertificate: true }
    assert.deepEqual(refusals(access, { isPeerVerified: true }), [0, 0, 401, 401, 0, 401])
    assert.deepEqual(refusals(access, bearing(`Bearer ${TOKEN}`)), [0, 0, 403, 403, 403, 403])
    const whole = { ...bearing(`Bearer ${TOKEN}`), isPeerVerified: true }
    assert.deepEqual(refusals(access, whole), [0, 0, 0, 0, 0, 0])
  })

  it('answers nothing that came through a gateway', () => {
    const through = (...headers: readonly string[]) => refusals({}, { headers })
    const all = [403, 403, 403, 403, 403, 403]
    assert.deepEqual(through('via', '1.1 barbacane'), all)
    assert.deepEqual(through('via', '1.0 proxy, 1.1 Barbacane ,1.1 other'), all)
    assert.deepEqual(through('via', '1.1 proxy', 'via', '2.0 barbacane'), all)
    assert.deepEqual(through('via', '1.1 barbacane.example, 1.1 proxy'), [0, 0, 0, 0, 0, 0])
  })
})
