import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { parseRetryAfter, retrying, TransientError } from '../../../../src/oci/registry/retry.ts'
import { registryHost } from '../../../support/registry/index.ts'

describe('retrying', () => {
  it('waits longer and longer, and as long as the server asks', async () => {
    const host = registryHost()
    const answers = [undefined, undefined, 9000, 3_600_000]
    const value = await retrying(host, async (attempt) => {
      if (attempt <= answers.length) throw new TransientError(new Error('busy'), answers[attempt - 1])
      return attempt
    })
    assert.equal(value, 5)
    assert.deepEqual(host.waits, [375, 750, 9000, 60_000])
  })

  it('gives up after five attempts with the last fault, and at once for others', async () => {
    const host = registryHost()
    let attempts = 0
    await assert.rejects(
      retrying(host, async (attempt) => {
        attempts = attempt
        throw new TransientError(new Error(`fault ${attempt}`))
      }),
      /^Error: fault 5$/,
    )
    assert.equal(attempts, 5)
    await assert.rejects(
      retrying(host, async () => {
        attempts += 1
        throw new RangeError('no')
      }),
      RangeError,
    )
    assert.equal(attempts, 6)
  })

  it('stops when the work is aborted', async () => {
    const controller = new AbortController()
    const host = registryHost({ signal: controller.signal })
    const run = retrying(host, async () => {
      controller.abort()
      throw new TransientError(new Error('busy'))
    })
    await assert.rejects(run, { name: 'AbortError' })
    assert.deepEqual(host.waits, [])
  })

  it('reads Retry-After', () => {
    const now = Date.UTC(2026, 0, 2)
    assert.equal(parseRetryAfter('7', now), 7000)
    assert.equal(parseRetryAfter(new Date(now + 4000).toUTCString(), now), 4000)
    assert.equal(parseRetryAfter(new Date(now - 4000).toUTCString(), now), 0)
    assert.equal(parseRetryAfter('soon', now), undefined)
    assert.equal(parseRetryAfter(null, now), undefined)
  })
})
