import type { Route } from '../domain/index.ts'

/** An operation before and after. */
export interface RoutePair {
  readonly before: Route
  readonly after: Route
}

export interface MatchedRoutes {
  /** In the order of what is afterwards. */
  readonly pairs: readonly RoutePair[]
  readonly added: readonly Route[]
  readonly removed: readonly Route[]
}

/**
 * Finds the operations that are the same: by method and path whatever its parameters are called, then by their
 * `operationId` where it is that of one operation on either side.
 */
export function matchOperations(before: readonly Route[], after: readonly Route[]): MatchedRoutes {
  const open = new Set(before)
  const byAddress = new Map(before.map((route) => [addressOf(route), route]))
  const partnerOf = new Map<Route, Route>()
  const pair = (route: Route, partner: Route | undefined): void => {
    if (partner === undefined || !open.delete(partner)) return
    partnerOf.set(route, partner)
  }
  for (const route of after) pair(route, byAddress.get(addressOf(route)))
  const byId = uniqueIds([...open])
  const unmatchedIds = uniqueIds(after.filter((route) => !partnerOf.has(route)))
  for (const [id, route] of unmatchedIds) pair(route, byId.get(id))
  return {
    pairs: after.flatMap((route) => {
      const partner = partnerOf.get(route)
      return partner === undefined ? [] : [{ before: partner, after: route }]
    }),
    added: after.filter((route) => !partnerOf.has(route)),
    removed: [...open],
  }
}

/** `GET /books/{id}`. */
export function nameOf({ method, path }: Pick<Route, 'method' | 'path'>): string {
  return `${method} ${path}`
}

/** What requests match: the template without the names of its parameters. */
export function addressOf({ method, path }: Pick<Route, 'method' | 'path'>): string {
  return `${method} ${path.replaceAll(/\{[^{}]*?(\+?)\}/g, '{$1}')}`
}

/** The names of the parameters of a path template in their order. */
export function pathNames(path: string): readonly string[] {
  return [...path.matchAll(/\{([^{}]*?)\+?\}/g)].map(([, name]) => name as string)
}

function uniqueIds(routes: readonly Route[]): ReadonlyMap<string, Route> {
  const found = new Map<string, Route>()
  const twice = new Set<string>()
  for (const route of routes) {
    const { operation_id: id } = route
    if (id === null) continue
    if (found.has(id)) twice.add(id)
    found.set(id, route)
  }
  for (const id of twice) found.delete(id)
  return found
}
