import { isObject } from '../../domain/index.ts'
import { objectGraph } from '../document/index.ts'

/** The schemas that are written within a schema, one level down; what references lead to is not among them. */
export function schemaChildren(
  schema: Readonly<Record<string, unknown>>,
): readonly Readonly<Record<string, unknown>>[] {
  const children: Readonly<Record<string, unknown>>[] = []
  const add = (value: unknown): void => {
    if (isObject(value)) children.push(value)
  }
  for (const [keyword, value] of Object.entries(schema)) {
    const edge = objectGraph.schema.members.get(keyword)
    if (edge === undefined || typeof value !== 'object' || value === null) continue
    if (edge.shape === 'one' && !Array.isArray(value)) add(value)
    else for (const child of Object.values(value)) add(child)
  }
  return children
}
