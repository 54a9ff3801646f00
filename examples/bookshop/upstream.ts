// The bookshop's own service: plain HTTP on loopback. `node upstream.ts [PORT]`, 9100 when none is given.
// It trusts what it is sent: the gateway in front has checked every parameter and body against the description.
import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import * as shop from './shop.ts'

interface Request {
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** The JSON value, or the fields of a form. */
  // oxlint-disable-next-line typescript/no-explicit-any -- any shape that the description allows
  readonly body: any
}

interface Reply {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

type Handler = (request: Request, first: string, second: string) => Reply

const ok = (body: unknown): Reply => ({ status: 200, body })
const created = (body: unknown): Reply => ({ status: 201, body })
const done: Reply = { status: 204 }

function refuse(status: number, title: string, detail: string): Reply {
  const body = { type: `urn:bookshop:error:${title.toLowerCase().replace(' ', '-')}`, title, status, detail }
  return { status, headers: { 'content-type': 'application/problem+json' }, body }
}

const missing = (what: string) => refuse(404, 'Not Found', `There is no ${what}.`)
const conflict = (why: string) => refuse(409, 'Conflict', why)

function found<T>(item: T | undefined, what: string, then: (item: T) => Reply = ok): Reply {
  return item === undefined ? missing(what) : then(item)
}

function keep<K, V>(items: Map<K, V>, key: K, value: V): V {
  items.set(key, value)
  return value
}

function pageOf<T>(items: readonly T[], query: URLSearchParams) {
  const page = Number(query.get('page') ?? 1)
  const limit = Number(query.get('limit') ?? 20)
  return { items: items.slice((page - 1) * limit, page * limit), page, total: items.length }
}

function cover(file: string): Reply {
  const isbn = /^covers\/(\d+)\.svg$/.exec(file)?.[1] ?? ''
  return found(shop.books.get(isbn), `file ${file}`, ({ title }) => ({
    status: 200,
    headers: { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=3600' },
    body: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 300"><text y="40">${title.replace(/[<&]/g, '')}</text></svg>`,
  }))
}

function signIn(email: string): Reply {
  const customer = [...shop.customers.values()].find((one) => one.email === email)
  if (customer === undefined) return refuse(403, 'Forbidden', 'There is no such account.')
  const session = randomBytes(16).toString('hex')
  shop.sessions.set(session, customer.id)
  return { status: 204, headers: { 'set-cookie': `session=${session}; HttpOnly; SameSite=Lax; Path=/` } }
}

function customerOf({ cookie = '' }: IncomingHttpHeaders): number | undefined {
  return shop.sessions.get(/(?:^|; )session=([0-9a-f]+)/.exec(cookie)?.[1] ?? '')
}

function checkOut({ headers, body }: Request, cartId: string): Reply {
  const key = String(headers['idempotency-key'])
  const placed = shop.ordersByKey.get(key)
  if (placed !== undefined) return created(placed)
  const customerId = customerOf(headers)
  if (customerId === undefined) return refuse(403, 'Forbidden', 'The session is not known; sign in again.')
  return found(shop.carts.get(cartId), `cart ${cartId}`, ({ items }) => {
    if (Object.keys(items).length === 0) return conflict('The cart is empty.')
    const id = 1001 + shop.orders.size
    const placedAt = new Date().toISOString()
    const order = { id, customerId, status: 'placed', placedAt, items, shipTo: body.shipTo }
    shop.carts.delete(cartId)
    shop.ordersByKey.set(key, order)
    return created(keep(shop.orders, id, order))
  })
}

function cancelOrder(id: number): Reply {
  return found(shop.orders.get(id), `order ${id}`, (order) =>
    order.status === 'placed'
      ? ok(keep(shop.orders, id, { ...order, status: 'cancelled' }))
      : conflict(`The order is ${order.status}.`),
  )
}

/** `:name` stands for one segment, `*` for the rest. */
const handlers: Readonly<Record<string, Handler>> = {
  'GET /books': ({ query }) => ok(pageOf(shop.selectBooks(query), query)),
  'POST /books': ({ body }) =>
    shop.books.has(body.isbn)
      ? conflict(`The book ${body.isbn} is there already.`)
      : created(keep(shop.books, body.isbn, body)),
  'GET /books/:isbn': (_, isbn) => found(shop.books.get(isbn), `book ${isbn}`),
  'PUT /books/:isbn': ({ body }, isbn) => ok(keep(shop.books, isbn, { ...body, isbn })),
  'PATCH /books/:isbn': ({ body }, isbn) =>
    found(shop.books.get(isbn), `book ${isbn}`, (book) => ok(keep(shop.books, isbn, { ...book, ...body }))),
  'DELETE /books/:isbn': (_, isbn) => (shop.books.delete(isbn) ? done : missing(`book ${isbn}`)),
  'GET /books/:isbn/reviews': ({ query }, isbn) => {
    const stars = query.getAll('stars').map(Number)
    const selected = (shop.reviews.get(isbn) ?? []).filter(
      (one) => stars.length === 0 || stars.includes(one.stars),
    )
    return ok(pageOf(selected, query).items)
  },
  'POST /books/:isbn/reviews': ({ body }, isbn) => {
    const earlier = shop.reviews.get(isbn) ?? []
    const review = { ...body, id: earlier.length + 1, writtenAt: new Date().toISOString() }
    shop.reviews.set(isbn, [review, ...earlier])
    return created(review)
  },
  'GET /authors': ({ query }) => {
    const name = query.get('name')?.toLowerCase() ?? ''
    return ok(
      pageOf(
        shop.authors.filter((author) => author.name.toLowerCase().includes(name)),
        query,
      ).items,
    )
  },
  'POST /authors': ({ body }) => {
    const author = { ...body, id: shop.authors.length + 1 }
    shop.authors.push(author)
    return created(author)
  },
  'GET /authors/:id': (_, id) =>
    found(
      shop.authors.find((author) => author.id === Number(id)),
      `author ${id}`,
    ),
  'GET /authors/:id/books': (_, id) =>
    ok([...shop.books.values()].filter((book) => book.authorIds.includes(Number(id)))),
  'GET /categories': ({ query }) => {
    const depth = Number(query.get('depth') ?? 10)
    return ok([...shop.categories.values()].map((category) => shop.cutCategory(category, depth)))
  },
  'GET /categories/:id': (_, id) => found(shop.findCategory(id), `category ${id}`),
  'PUT /categories/:id': ({ body }, id) => ok(keep(shop.categories, id, { ...body, id })),
  'POST /search': ({ body }) => {
    const query = new URLSearchParams({ limit: body.limit ?? '20' })
    const wanted = String(body.q).toLowerCase()
    return ok(
      pageOf(
        shop.selectBooks(query).filter((book) => book.title.toLowerCase().includes(wanted)),
        query,
      ),
    )
  },
  'POST /customers': ({ body }) => {
    const id = 7 + shop.customers.size
    return created(keep(shop.customers, id, { newsletter: false, ...body, id, addresses: {} }))
  },
  'GET /customers/:id': (_, id) => found(shop.customers.get(Number(id)), `customer ${id}`),
  'PATCH /customers/:id': ({ body }, id) =>
    found(shop.customers.get(Number(id)), `customer ${id}`, (customer) =>
      ok(keep(shop.customers, customer.id, { ...customer, ...body })),
    ),
  'PUT /customers/:id/addresses/:kind': ({ body }, id, kind) =>
    found(shop.customers.get(Number(id)), `customer ${id}`, (customer) => {
      const addresses = { ...customer.addresses, [kind]: body }
      return ok(keep(shop.customers, customer.id, { ...customer, addresses }))
    }),
  'GET /customers/:id/orders': ({ query }, id) => {
    const own = [...shop.orders.values()].filter((order) => order.customerId === Number(id))
    return ok(pageOf(own.toReversed(), query).items)
  },
  'POST /sessions': ({ body }) => signIn(body.email),
  'POST /carts': () => {
    const id = randomUUID()
    return created(keep(shop.carts, id, { id, items: {} }))
  },
  'GET /carts/:id': (_, id) => found(shop.carts.get(id), `cart ${id}`),
  'DELETE /carts/:id': (_, id) => (shop.carts.delete(id) ? done : missing(`cart ${id}`)),
  'PUT /carts/:id/items/:isbn': ({ body }, id, isbn) =>
    found(shop.carts.get(id), `cart ${id}`, (cart) => {
      if (!shop.books.has(isbn)) return missing(`book ${isbn}`)
      return ok(keep(shop.carts, id, { id, items: { ...cart.items, [isbn]: body } }))
    }),
  'DELETE /carts/:id/items/:isbn': (_, id, isbn) =>
    found(shop.carts.get(id), `cart ${id}`, ({ items: { [isbn]: _taken, ...items } }) => {
      shop.carts.set(id, { id, items })
      return done
    }),
  'POST /carts/:id/checkout': checkOut,
  'GET /orders': ({ query }) => {
    const status = query.getAll('status')
    const after = Date.parse(query.get('placedAfter') ?? '1970-01-01T00:00:00Z')
    const selected = [...shop.orders.values()].filter(
      (order) => (status.length === 0 || status.includes(order.status)) && Date.parse(order.placedAt) > after,
    )
    return ok(pageOf(selected.toReversed(), query).items)
  },
  'GET /orders/:id': (_, id) => found(shop.orders.get(Number(id)), `order ${id}`),
  'POST /orders/:id/cancellation': (_, id) => cancelOrder(Number(id)),
  'GET /inventory': ({ query }) => {
    const isbns = (query.get('isbn') ?? '').split('|').filter((isbn) => shop.stock.has(isbn))
    return ok(Object.fromEntries(isbns.map((isbn) => [isbn, shop.stock.get(isbn)])))
  },
  'PUT /inventory/:isbn': ({ body }, isbn) => ok(keep(shop.stock, isbn, { reserved: 0, ...body })),
  'GET /assets/*': (_, file) => cover(file),
}

const routes = Object.entries(handlers).map(([route, handler]) => {
  const pattern = route.replace('*', '(.+)').replaceAll(/:\w+/g, '([^/]+)')
  return { pattern: new RegExp(`^${pattern}$`), handler }
})

async function readBody(message: IncomingMessage): Promise<unknown> {
  const text = (await message.toArray()).join('')
  if (text === '') return undefined
  const isForm = message.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  return isForm ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text)
}

async function answer(message: IncomingMessage): Promise<Reply> {
  const url = new URL(message.url ?? '/', 'http://upstream')
  for (const { pattern, handler } of routes) {
    const match = pattern.exec(`${message.method} ${decodeURI(url.pathname)}`)
    if (match === null) continue
    const request = { query: url.searchParams, headers: message.headers, body: await readBody(message) }
    return handler(request, match[1] ?? '', match[2] ?? '')
  }
  return missing(`${message.method} ${url.pathname}`)
}

async function respond(message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers, body } = await answer(message).catch((error: unknown) =>
    refuse(400, 'Bad Request', String(error)),
  )
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
  response.writeHead(status, { ...(text === '' ? {} : { 'content-type': 'application/json' }), ...headers })
  response.end(text)
}

const server = createServer((message, response) => void respond(message, response))
server.listen(Number(process.argv[2] ?? 9100), '127.0.0.1', () => {
  console.log(`bookshop listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.once('SIGTERM', () => server.close())
process.once('SIGINT', () => server.close())
