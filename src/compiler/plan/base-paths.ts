import { isObject } from '../../domain/index.ts'
import { appliedServers, expandServer, pathOfUrl, type RouteNode } from '../lint/index.ts'

/** Gives the base paths that an operation is served under: those of its own servers, else of its path item or root. */
export type BasePaths = (route: RouteNode) => readonly string[]

export function createBasePaths(): BasePaths {
  // The servers of a root are those of nearly all of its operations.
  const known = new Map<unknown, readonly string[]>()
  return (route) => {
    const applied = appliedServers(route)
    if (applied === undefined) return ['']
    let paths = known.get(applied.servers)
    if (paths === undefined) known.set(applied.servers, (paths = pathsOf(applied.servers)))
    return paths
  }
}

/** Lint has refused URLs that stand for no path; one that is relative to the place of the description has none. */
function pathsOf(servers: readonly unknown[]): readonly string[] {
  const expanded = servers.filter(isObject).map(expandServer)
  const urls = expanded.flatMap((combinations) => ('urls' in combinations ? combinations.urls : []))
  return [...new Set(urls.map((url) => pathOfUrl(url) ?? ''))]
}
