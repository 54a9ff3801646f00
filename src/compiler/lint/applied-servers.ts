import { appendPointer, isObject } from '../../domain/index.ts'
import type { Place } from './place.ts'
import type { RouteNode } from './routes.ts'

/** The list of servers that an operation is served by, and where it is written. */
export interface AppliedServers extends Place {
  readonly servers: readonly unknown[]
}

/** The servers of an operation: its own, else those of its path item, else those of the root; undefined without any. */
export function appliedServers({ root, pathItem, operation }: RouteNode): AppliedServers | undefined {
  const owners = [operation, pathItem, { document: root, pointer: '', value: root.root }]
  for (const { document, pointer, value } of owners) {
    const servers: unknown = isObject(value) ? value['servers'] : undefined
    if (Array.isArray(servers) && servers.length > 0) {
      return { document, pointer: appendPointer(pointer, 'servers'), servers }
    }
  }
  return undefined
}
