import { appendPointer, isObject } from '../../domain/index.ts'
import { isOpenApi32, type SourceDocument } from '../document/index.ts'
import type { RouteNode } from '../lint/index.ts'
import type { ReportPlanFault } from './plan-fault.ts'
import { expandServer, isPlainPath, pathOfUrl } from './server-url.ts'

interface Owner {
  readonly document: SourceDocument
  readonly pointer: string
  readonly value: unknown
}

/** Gives the base paths that an operation is served under: those of its own servers, else of its path item or root. */
export type BasePaths = (route: RouteNode) => readonly string[]

export function createBasePaths(report: ReportPlanFault): BasePaths {
  // The servers of a root are those of nearly all of its operations.
  const known = new Map<unknown, readonly string[]>()
  return ({ root, pathItem, operation }) => {
    const owners: readonly Owner[] = [operation, pathItem, { document: root, pointer: '', value: root.root }]
    const owner = owners.find(({ value }) => serversOf(value).length > 0)
    if (owner === undefined) return ['']
    const servers = serversOf(owner.value)
    const paths = known.get(servers) ?? pathsOf(owner, servers, report)
    if (!known.has(servers) && isOpenApi32(root)) checkQueries(owner, servers, report)
    known.set(servers, paths)
    return paths
  }
}

/** OpenAPI 3.2 §4.5.1; before, a query in the URL of a server had no meaning, and was not forbidden. */
function checkQueries(owner: Owner, servers: readonly unknown[], report: ReportPlanFault): void {
  for (const [index, server] of servers.entries()) {
    const url: unknown = isObject(server) ? server['url'] : undefined
    if (typeof url !== 'string' || !/[?#]/.test(url)) continue
    const list = appendPointer(owner.pointer, 'servers')
    const at = { document: owner.document, pointer: appendPointer(appendPointer(list, index), 'url') }
    const message = `The server ${JSON.stringify(url)} has a query or a fragment, which no request inherits`
    report({ rule: 'server-url', at, message, hint: 'End the URL with its path.' })
  }
}

function serversOf(owner: unknown): readonly unknown[] {
  const servers: unknown = isObject(owner) ? owner['servers'] : undefined
  return Array.isArray(servers) ? servers : NONE
}

const NONE: readonly unknown[] = []

function pathsOf(owner: Owner, servers: readonly unknown[], report: ReportPlanFault): readonly string[] {
  const paths = new Set<string>()
  const list = appendPointer(owner.pointer, 'servers')
  for (const [index, server] of servers.entries()) {
    if (!isObject(server)) continue
    const at = { document: owner.document, pointer: appendPointer(appendPointer(list, index), 'url') }
    const expanded = expandServer(server)
    if ('fault' in expanded) {
      const message = `The server ${JSON.stringify(server['url'])} cannot be used: ${expanded.fault}`
      report({
        rule: 'server-url',
        at,
        message,
        hint: 'Declare each variable with its default and few values.',
      })
      continue
    }
    for (const url of expanded.urls) {
      const path = pathOfUrl(url)
      if (path === undefined) {
        const message = `The server ${JSON.stringify(url)} is relative to where the description is, so its path counts as empty`
        const hint = 'Begin the path with a slash.'
        report({ rule: 'server-url', severity: 'warning', at, message, hint })
      } else if (!isPlainPath(path)) {
        const message = `The path ${JSON.stringify(path)} of the server cannot stand in front of a path`
        const hint = 'Leave out empty and dot segments, braces and spaces.'
        report({ rule: 'server-url', at, message, hint })
      }
      paths.add(path ?? '')
    }
  }
  return [...paths]
}
