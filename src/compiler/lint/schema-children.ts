import { isObject } from '../../domain/index.ts'
import { objectGraph } from '../document/index.ts'

export type Schema = Readonly<Record<string, unknown>>

/** A schema within a schema, and the keys that lead to it. */
export interface SchemaChild {
  readonly tokens: readonly string[]
  readonly value: Schema
}

/** The schemas that are written within a schema, one level down; what references lead to is not among them. */
export function schemaChildren(schema: Schema): readonly SchemaChild[] {
  const children: SchemaChild[] = []
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword]
    if (typeof value !== 'object' || value === null) continue
    const edge = objectGraph.schema.members.get(keyword)
    if (edge === undefined) continue
    if (edge.shape === 'one' && isObject(value)) children.push({ tokens: [keyword], value })
    else {
      for (const [name, child] of Object.entries(value)) {
        if (isObject(child)) children.push({ tokens: [keyword, name], value: child })
      }
    }
  }
  return children
}
