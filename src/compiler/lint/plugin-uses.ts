import { appendPointer, isObject } from '../../domain/index.ts'
import type { DocumentSet, GraphNode } from '../document/index.ts'
import type { Place } from './place.ts'
import { collectRoutes } from './routes.ts'

export const DISPATCH = 'x-barbacane-dispatch'
export const MIDDLEWARES = 'x-barbacane-middlewares'
export const MCP = 'x-barbacane-mcp'
export const RESPONSE_VALIDATION = 'x-barbacane-response-validation'
export const IGNORE = 'x-barbacane-lint-ignore'

/** A well-formed entry of `x-barbacane-dispatch` or `x-barbacane-middlewares`. */
export interface PluginUseNode extends Place {
  readonly type: 'dispatcher' | 'middleware'
  readonly name: string
  /** The place and value of `config`; an empty object at the entry where it is left out. */
  readonly config: Place & { readonly value: Readonly<Record<string, unknown>> }
}

/** The plugins that a document or an operation uses; malformed entries are another rule's business. */
export function pluginUsesOf({ document, pointer, value, type }: GraphNode): readonly PluginUseNode[] {
  const uses: PluginUseNode[] = []
  const add = (type: PluginUseNode['type'], at: string, entry: unknown): void => {
    if (!isObject(entry) || typeof entry['name'] !== 'string' || entry['name'] === '') return
    const config = entry['config'] ?? {}
    if (!isObject(config)) return
    const place = entry['config'] === undefined ? at : appendPointer(at, 'config')
    const name = entry['name']
    uses.push({ type, name, document, pointer: at, config: { document, pointer: place, value: config } })
  }
  if (type === 'operation') add('dispatcher', appendPointer(pointer, DISPATCH), value[DISPATCH])
  const middlewares = value[MIDDLEWARES]
  if (Array.isArray(middlewares)) {
    const at = appendPointer(pointer, MIDDLEWARES)
    for (const [index, entry] of middlewares.entries()) add('middleware', appendPointer(at, index), entry)
  }
  return uses
}

/** The plugins that root documents and the operations that the gateway serves use, each place once. */
export function projectPluginUses(set: DocumentSet): readonly PluginUseNode[] {
  const roots = set.roots.flatMap((document): GraphNode[] =>
    isObject(document.root) ? [{ type: 'document', document, pointer: '', value: document.root }] : [],
  )
  const operations = collectRoutes(set, set.roots).map(({ operation }): GraphNode => ({
    type: 'operation',
    ...operation,
  }))
  const nodes = new Map([...roots, ...operations].map((node) => [node.value, node]))
  return [...nodes.values()].flatMap(pluginUsesOf)
}

/** Every text within a configuration, with its key (the nearest one above a list) and place. */
export function* textsOf(
  use: PluginUseNode,
): Generator<Place & { readonly key: string; readonly text: string }> {
  const { document, pointer, value } = use.config
  const pending: { pointer: string; key: string; value: unknown }[] = [{ pointer, key: '', value }]
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    if (typeof item.value === 'string') {
      yield { document, pointer: item.pointer, key: item.key, text: item.value }
    } else if (typeof item.value === 'object' && item.value !== null) {
      const isList = Array.isArray(item.value)
      for (const [name, child] of Object.entries(item.value)) {
        const key = isList ? item.key : name
        pending.push({ pointer: appendPointer(item.pointer, name), key, value: child })
      }
    }
  }
}
