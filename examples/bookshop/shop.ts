// What the bookshop knows: everything in memory, gone when the process ends.

export interface Book {
  readonly isbn: string
  readonly title: string
  readonly authorIds: readonly number[]
  readonly category?: string
  readonly tags?: readonly string[]
  readonly publishedOn?: string
  readonly price: { readonly amount: number; readonly currency: string }
}

export interface Author {
  readonly id: number
  readonly name: string
}

export interface Category {
  readonly id: string
  readonly name: string
  readonly children?: readonly Category[]
}

export interface Customer {
  readonly id: number
  readonly email: string
  readonly addresses: object
}

export interface Order {
  readonly id: number
  readonly customerId: number
  readonly status: string
  readonly placedAt: string
  readonly items: Readonly<Record<string, object>>
  readonly shipTo: object
}

const euro = (amount: number) => ({ amount, currency: 'EUR' })

const shelf: readonly Book[] = [
  {
    isbn: '9780141439518',
    title: 'Pride and Prejudice',
    authorIds: [1],
    category: 'classics',
    tags: ['regency', 'romance'],
    publishedOn: '1813-01-28',
    price: euro(899),
  },
  {
    isbn: '9780141439471',
    title: 'Frankenstein',
    authorIds: [2],
    category: 'gothic',
    tags: ['gothic', 'science'],
    publishedOn: '1818-01-01',
    price: euro(749),
  },
  {
    isbn: '9780141439846',
    title: 'Dracula',
    authorIds: [3],
    category: 'gothic',
    tags: ['gothic', 'victorian'],
    publishedOn: '1897-05-26',
    price: euro(999),
  },
  {
    isbn: '9780141439600',
    title: 'A Tale of Two Cities',
    authorIds: [4],
    category: 'classics',
    tags: ['victorian', 'history'],
    publishedOn: '1859-11-26',
    price: euro(1050),
  },
]

export const books = new Map(shelf.map((book) => [book.isbn, book]))

export const authors: Author[] = [
  { id: 1, name: 'Jane Austen' },
  { id: 2, name: 'Mary Shelley' },
  { id: 3, name: 'Bram Stoker' },
  { id: 4, name: 'Charles Dickens' },
]

export const categories = new Map<string, Category>([
  [
    'fiction',
    {
      id: 'fiction',
      name: 'Fiction',
      children: [
        { id: 'classics', name: 'Classics', children: [{ id: 'gothic', name: 'Gothic' }] },
        { id: 'crime', name: 'Crime' },
      ],
    },
  ],
])

export const customers = new Map<number, Customer>()

/** The customer id of every session. */
export const sessions = new Map<string, number>()
export const reviews = new Map<string, { readonly stars: number }[]>()
export const carts = new Map<string, { readonly id: string; readonly items: Record<string, object> }>()
export const orders = new Map<number, Order>()
export const stock = new Map<string, object>(
  shelf.map(({ isbn }, n) => [isbn, { onHand: 3 * n, reserved: 0 }]),
)

/** The order that a checkout with this idempotency key placed. */
export const ordersByKey = new Map<string, Order>()

/** The books a query asks for, in its order. */
export function selectBooks(query: URLSearchParams): readonly Book[] {
  const tags = query.get('tags')?.split(',') ?? []
  const category = query.get('filter[category]')
  const maxPrice = Number(query.get('filter[maxPrice]') ?? Infinity)
  const inStock = query.get('filter[inStock]') === 'true'
  const selected = [...books.values()].filter(
    (book) =>
      tags.every((tag) => book.tags?.includes(tag)) &&
      (category === null || book.category === category) &&
      book.price.amount <= maxPrice &&
      (!inStock || isInStock(book)),
  )
  const sort = query.get('sort') ?? 'title'
  const ascending = selected.toSorted(byMember(sort.replace('-', '')))
  return sort.startsWith('-') ? ascending.toReversed() : ascending
}

function isInStock({ isbn }: Book): boolean {
  const level = stock.get(isbn) as { onHand: number } | undefined
  return level !== undefined && level.onHand > 0
}

function byMember(member: string): (a: Book, b: Book) => number {
  if (member === 'price') return (a, b) => a.price.amount - b.price.amount
  const read = (book: Book) => (member === 'title' ? book.title : (book.publishedOn ?? ''))
  return (a, b) => read(a).localeCompare(read(b), 'en')
}

/** The category with this id, wherever it stands in the tree. */
export function findCategory(
  id: string,
  level: Iterable<Category> = categories.values(),
): Category | undefined {
  for (const category of level) {
    const match = category.id === id ? category : findCategory(id, category.children ?? [])
    if (match !== undefined) return match
  }
  return undefined
}

/** The category without what is more than `depth` levels down. */
export function cutCategory({ children = [], ...own }: Category, depth: number): Category {
  return depth <= 1 ? own : { ...own, children: children.map((child) => cutCategory(child, depth - 1)) }
}
