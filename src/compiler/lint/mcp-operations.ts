import { isObject } from '../../domain/index.ts'
import { MCP } from './plugin-uses.ts'
import type { RouteNode } from './routes.ts'

/** The operations that are offered as MCP tools: by their own `x-barbacane-mcp`, else by that of the root. */
export function mcpOperations(routes: readonly RouteNode[]): readonly RouteNode[] {
  return routes.filter(
    ({ root, operation }) => enabled(operation.value[MCP]) ?? enabled(rootValue(root.root)) ?? false,
  )
}

function rootValue(root: unknown): unknown {
  return isObject(root) ? root[MCP] : undefined
}

function enabled(mcp: unknown): boolean | undefined {
  const value = isObject(mcp) ? mcp['enabled'] : undefined
  return typeof value === 'boolean' ? value : undefined
}
