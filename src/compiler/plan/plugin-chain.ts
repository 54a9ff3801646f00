import { isObject, type JsonObject, type PluginUse } from '../../domain/index.ts'
import { DISPATCH, MIDDLEWARES, type RouteNode } from '../lint/index.ts'

/**
 * The middlewares of an operation (DESIGN §5.1): the chain of the root unless it has a list of its own; with one, the
 * entries of the root whose name is not in the list, then the list. An empty list means none.
 */
export function planMiddlewares({ root, operation }: RouteNode): readonly PluginUse[] {
  const rootChain = usesOf(isObject(root.root) ? root.root[MIDDLEWARES] : undefined)
  const own = operation.value[MIDDLEWARES]
  if (own === undefined) return rootChain
  const list = usesOf(own)
  if (list.length === 0) return []
  const names = new Set(list.map(({ name }) => name))
  return [...rootChain.filter(({ name }) => !names.has(name)), ...list]
}

/** Who answers an operation; lint has refused operations without a dispatcher. */
export function planDispatch({ operation }: RouteNode): PluginUse {
  return useOf(operation.value[DISPATCH])
}

function usesOf(list: unknown): readonly PluginUse[] {
  return Array.isArray(list) ? list.map(useOf) : []
}

function useOf(entry: unknown): PluginUse {
  if (!isObject(entry) || typeof entry['name'] !== 'string') throw new TypeError('The entry was not linted')
  return { config: (entry['config'] ?? {}) as JsonObject, name: entry['name'] }
}
