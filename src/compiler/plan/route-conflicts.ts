import type { RouteNode } from '../lint/index.ts'
import type { ReportPlanFault } from './plan-fault.ts'

/** An operation under one of its base paths. */
export interface PlacedRoute {
  readonly path: string
  readonly node: RouteNode
}

/**
 * Reports routes that would match the same requests. Lint compares routes under their first server; here every server
 * counts.
 */
export function checkConflicts(routes: readonly PlacedRoute[], report: ReportPlanFault): void {
  const taken = new Map<string, PlacedRoute>()
  for (const route of routes) {
    const { path, node } = route
    if (/^\/+__barbacane(?:\/|$)/.test(path)) {
      const message = `The path ${JSON.stringify(path)} is reserved for the gateway itself`
      const hint = 'Choose a path and servers that do not lead below /__barbacane.'
      report({ rule: 'reserved-path', at: node.path, part: 'key', message, hint })
    }
    const id = `${node.method} ${shapeOf(path)}`
    const first = taken.get(id)
    if (first === undefined) taken.set(id, route)
    else if (first.path === path) reportDuplicate(route, first, report)
    else reportAmbiguous(route, first, report)
  }
}

function reportDuplicate({ path, node }: PlacedRoute, first: PlacedRoute, report: ReportPlanFault): void {
  report({
    rule: 'operation-duplicate',
    code: 'E1010',
    // One path item that two paths refer to is written in one place only.
    at: first.node.operation.value === node.operation.value ? node.path : node.operation,
    part: 'key',
    message: `${node.method} ${path} is declared before in ${first.node.root.path}`,
    hint: 'Remove one of the two, or give the descriptions different base paths in `servers`.',
  })
}

function reportAmbiguous({ path, node }: PlacedRoute, first: PlacedRoute, report: ReportPlanFault): void {
  report({
    rule: 'path-ambiguous',
    code: 'E1050',
    at: node.path,
    part: 'key',
    message: `${JSON.stringify(path)} matches the same requests as ${JSON.stringify(first.path)} for ${node.method}`,
    hint: 'Use the same parameter names in both, and one path item for all methods.',
  })
}

/** The path as the router sees it: parameter names do not count, and escapes are what they stand for. */
function shapeOf(path: string): string {
  const plain = path.replaceAll(/\{[^{}]*?(\+?)\}/g, '{$1}')
  return /%(?![\da-f]{2})/i.test(plain) ? plain : plain.split('/').map(decodeLiteral).join('/')
}

const PARAMETER = encodeURIComponent('{}')

function decodeLiteral(segment: string): string {
  // Nothing in these is or stands for another character.
  if (/^[\w.~-]*$/.test(segment)) return segment
  if (segment === '{}') return PARAMETER
  try {
    return encodeURIComponent(decodeURIComponent(segment))
  } catch (error) {
    if (error instanceof URIError) return segment
    throw error
  }
}
