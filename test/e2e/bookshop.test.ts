import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import { loadDocuments } from '../../src/compiler/document/index.ts'
import { repositoryRoot } from '../support/source-tree.ts'

const example = join(repositoryRoot, 'examples/bookshop')

const captures: Readonly<Record<string, string>> = {
  bookId: '9780141439518',
  authorId: '1',
  categoryId: 'gothic',
  customerId: '7',
  kind: 'shipping',
  cartId: '3f0c9a52-4ad1-4c0e-9a0b-6d2f7f1f2a11',
  orderId: '1001',
  'file+': 'covers/9780141439518.svg',
}

async function startUpstream(context: TestContext): Promise<string> {
  const child = spawn(process.execPath, [join(example, 'upstream.ts'), '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  context.after(async () => {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  })
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  const url = /http:\S+/.exec(chunk.toString())?.[0]
  assert.ok(url)
  return url
}

/** Method and path of every operation that the service answers. */
async function forwardedOperations(): Promise<readonly (readonly [string, string])[]> {
  const { set } = await loadDocuments(['specs/bookshop.yaml'], { root: example })
  const [root] = set.roots
  assert.ok(root)
  const { paths } = root.root as { paths: Record<string, { $ref: string }> }
  return Object.entries(paths).flatMap(([path, { $ref }]) => {
    const item = set.resolve({ document: root, pointer: '' }, $ref)?.value as Record<
      string,
      Record<string, { name: string }>
    >
    return Object.entries(item)
      .filter(([, operation]) => operation['x-barbacane-dispatch']?.name === 'http-upstream')
      .map(([method]) => [method.toUpperCase(), path] as const)
  })
}

describe('the service of the bookshop', () => {
  it('answers every operation that is forwarded to it', async (context) => {
    const url = await startUpstream(context)
    const operations = await forwardedOperations()
    assert.equal(operations.length, 34)
    for (const [method, path] of operations) {
      const target = path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => captures[name] ?? `no ${name}`)
      const body = ['POST', 'PUT', 'PATCH'].includes(method) ? '{}' : undefined
      const response = await fetch(url + target, { method, ...(body === undefined ? {} : { body }) })
      const text = await response.text()
      assert.ok(response.status < 500, `${method} ${path}: ${response.status}`)
      assert.doesNotMatch(text, new RegExp(`There is no ${method} `), `${method} ${path} has no handler`)
    }
  })

  it('sells a book: account, session, cart, checkout, cancellation', async (context) => {
    const url = await startUpstream(context)
    const send = async (method: string, path: string, body?: unknown, headers = {}) => {
      const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
      return fetch(url + path, init)
    }
    const customer = (await (await send('POST', '/customers', { email: 'a@example.com' })).json()) as {
      id: number
    }
    const signedIn = await fetch(`${url}/sessions`, {
      method: 'POST',
      body: new URLSearchParams({ email: 'a@example.com' }),
    })
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
    const cart = (await (await send('POST', '/carts')).json()) as { id: string }
    await send('PUT', `/carts/${cart.id}/items/9780141439846`, { quantity: 2 })
    const headers = { cookie, 'idempotency-key': '9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d' }
    const first = await send('POST', `/carts/${cart.id}/checkout`, { shipTo: {} }, headers)
    const order = (await first.json()) as { id: number; customerId: number }
    assert.deepEqual([first.status, order.customerId], [201, customer.id])
    const again = await send('POST', `/carts/${cart.id}/checkout`, { shipTo: {} }, headers)
    assert.deepEqual(await again.json(), order)
    const cancelled = await send('POST', `/orders/${order.id}/cancellation`, { reason: 'other' })
    assert.equal(cancelled.status, 200)
    assert.equal((await send('POST', `/orders/${order.id}/cancellation`, { reason: 'other' })).status, 409)
  })
})
