import { runtimeProblems as problems } from '../problems.ts'
import { matchMixed } from './mixed-segment.ts'
import { parseTemplate, type TemplateSegment } from './template.ts'

/** What a router needs to know of a route. */
export interface Routable {
  readonly path: string
  readonly method: string
}

/** The routes of one path, by method. */
interface Endpoint<R> {
  readonly template: string
  readonly methods: ReadonlyMap<string, R>
  /** The value of an `Allow` header: declared methods, HEAD where there is GET, and OPTIONS, sorted. */
  readonly allow: string
}

export interface Match<R> {
  readonly endpoint: Endpoint<R>
  /** What the parameters of the template took, from left to right, still percent-encoded. */
  readonly captures: readonly string[]
}

interface Node<R> {
  readonly statics: Map<string, Node<R>>
  readonly mixed: { readonly literals: readonly string[]; readonly node: Node<R> }[]
  parameter: Node<R> | null
  greedy: MutableEndpoint<R> | null
  endpoint: MutableEndpoint<R> | null
}

interface MutableEndpoint<R> {
  template: string
  methods: Map<string, R>
  allow: string
}

/** Finds the endpoint of a raw request path; `malformed` for a broken escape or a `.` or `..` segment. */
export type Router<R> = (path: string) => Match<R> | 'malformed' | null

/**
 * Builds a trie of path segments. The path alone decides (OpenAPI: the concrete path wins), the method comes after
 * it. At each segment static text is tried before mixed (`{a}.{b}`), parameter and greedy (`{rest+}`), whatever the
 * order of the routes; each node is visited at most once, so the cost is bounded by the size of the trie.
 *
 * @throws {ProblemError} BCN_ROUTE_CONFLICT
 */
export function createRouter<R extends Routable>(routes: readonly R[]): Router<R> {
  const root = emptyNode<R>()
  for (const route of routes) insert(root, route)
  finish(root)
  return (path) => {
    const isEscaped = path.includes('%')
    if (isEscaped && !isWellEscaped(path)) return 'malformed'
    if (path.includes('/.') || isEscaped) {
      const segments = path.slice(1).split('/')
      if (segments.map(decodeURIComponent).some(isDotSegment)) return 'malformed'
    }
    const captures: string[] = []
    const endpoint = walk(root, { path, isEscaped, captures }, 1)
    return endpoint === null ? null : { endpoint, captures }
  }
}

interface Walk {
  readonly path: string
  /** True where a segment may have to be decoded. */
  readonly isEscaped: boolean
  readonly captures: string[]
}

/** Looks on from the segment that begins at `start`; behind the path there is none. */
function walk<R>(node: Node<R>, state: Walk, start: number): MutableEndpoint<R> | null {
  const { path, captures } = state
  if (start > path.length) return node.endpoint
  const slash = path.indexOf('/', start)
  const end = slash === -1 ? path.length : slash
  const raw = path.slice(start, end)
  const next = node.statics.size === 0 ? undefined : node.statics.get(decoded(raw, state))
  const found = next === undefined ? null : walk(next, state, end + 1)
  if (found !== null || raw === '') return found ?? takeRest(node, state, start)
  const mark = captures.length
  for (const edge of node.mixed) {
    const taken = matchMixed(edge.literals, raw)
    if (taken === undefined) continue
    captures.push(...taken)
    const endpoint = walk(edge.node, state, end + 1)
    if (endpoint !== null) return endpoint
    captures.length = mark
  }
  if (node.parameter !== null) {
    captures.push(raw)
    const endpoint = walk(node.parameter, state, end + 1)
    if (endpoint !== null) return endpoint
    captures.length = mark
  }
  return takeRest(node, state, start)
}

function decoded(raw: string, { isEscaped }: Walk): string {
  return isEscaped ? decodeURIComponent(raw) : raw
}

function takeRest<R>(node: Node<R>, { path, captures }: Walk, start: number): MutableEndpoint<R> | null {
  if (node.greedy === null || start >= path.length) return null
  captures.push(path.slice(start))
  return node.greedy
}

function insert<R extends Routable>(root: Node<R>, route: R): void {
  let node = root
  for (const segment of parseTemplate(route.path)) {
    if (segment.kind === 'greedy') {
      node.greedy ??= { template: route.path, methods: new Map(), allow: '' }
      return add(node.greedy, route)
    }
    node = descend(node, segment)
  }
  node.endpoint ??= { template: route.path, methods: new Map(), allow: '' }
  add(node.endpoint, route)
}

function descend<R>(node: Node<R>, segment: Exclude<TemplateSegment, { kind: 'greedy' }>): Node<R> {
  if (segment.kind === 'parameter') return (node.parameter ??= emptyNode())
  if (segment.kind === 'static') {
    const known = node.statics.get(segment.text) ?? emptyNode<R>()
    node.statics.set(segment.text, known)
    return known
  }
  const key = JSON.stringify(segment.literals)
  const known = node.mixed.find((edge) => JSON.stringify(edge.literals) === key)
  if (known !== undefined) return known.node
  const created = emptyNode<R>()
  node.mixed.push({ literals: segment.literals, node: created })
  return created
}

function add<R extends Routable>(endpoint: MutableEndpoint<R>, route: R): void {
  const other = endpoint.methods.get(route.method)
  if (other !== undefined) {
    throw problems.BCN_ROUTE_CONFLICT({ method: route.method, first: other.path, second: route.path })
  }
  endpoint.methods.set(route.method, route)
}

function finish<R>(node: Node<R>): void {
  node.mixed.splice(0, Infinity, ...node.mixed.toSorted(compareMixed))
  for (const endpoint of [node.endpoint, node.greedy]) {
    if (endpoint === null) continue
    const methods = new Set([...endpoint.methods.keys(), 'OPTIONS'])
    if (methods.has('GET')) methods.add('HEAD')
    endpoint.allow = [...methods].toSorted().join(', ')
  }
  for (const child of node.statics.values()) finish(child)
  for (const edge of node.mixed) finish(edge.node)
  if (node.parameter !== null) finish(node.parameter)
}

/** More literal text first, then by that text, so that the order of the routes does not matter. */
function compareMixed(
  a: { readonly literals: readonly string[] },
  b: { readonly literals: readonly string[] },
): number {
  const [left, right] = [a.literals.join('\0'), b.literals.join('\0')]
  const longer = b.literals.join('').length - a.literals.join('').length
  return longer !== 0 ? longer : left < right ? -1 : left > right ? 1 : 0
}

function emptyNode<R>(): Node<R> {
  return { statics: new Map(), mixed: [], parameter: null, greedy: null, endpoint: null }
}

function isWellEscaped(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch (error) {
    if (error instanceof URIError) return false
    throw error
  }
}

function isDotSegment(segment: string): boolean {
  return segment === '.' || segment === '..'
}
