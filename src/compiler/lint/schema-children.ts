import { isObject } from '../../domain/index.ts'
import { objectGraph } from '../document/index.ts'

export type Schema = Readonly<Record<string, unknown>>

type Visit = (child: Schema, keyword: string, name: string | undefined) => void

/**
 * Visits the schemas that are written within a schema, one level down, with the keys that lead to each; what references
 * lead to is not among them.
 */
export function visitChildren(schema: Schema, visit: Visit): void {
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword]
    if (typeof value !== 'object' || value === null) continue
    const edge = objectGraph.schema.members.get(keyword)
    if (edge === undefined) continue
    if (edge.shape === 'one' && isObject(value)) visit(value, keyword, undefined)
    else {
      const held = value as Readonly<Record<string, unknown>>
      for (const name of Object.keys(held)) {
        const child = held[name]
        if (isObject(child)) visit(child, keyword, name)
      }
    }
  }
}
