import { isObject } from '../../domain/index.ts'
import { isOpenApi32, type GraphNode, type SourceDocument } from '../document/index.ts'
import type { RuleContext } from './rule.ts'

/**
 * True where a schema is one of OpenAPI 3.1 or later, which is JSON Schema 2020-12; a file that is no description itself
 * is read by the rules of those that refer to it, which have to agree. The structure check knows the schemas of others.
 */
export function isModernSchema({ document, value }: GraphNode, { roots }: RuleContext): boolean {
  if (value['$schema'] !== undefined) return false
  return roots.includes(document) ? isModern(document) : roots.length > 0 && roots.every(isModern)
}

function isModern({ root }: SourceDocument): boolean {
  const { openapi, jsonSchemaDialect } = isObject(root) ? root : {}
  return typeof openapi === 'string' && !openapi.startsWith('3.0.') && jsonSchemaDialect === undefined
}

/** True where a schema is one of OpenAPI 3.2 or later, which adds to the objects within schemas. */
export function knowsOpenApi32({ document }: Pick<GraphNode, 'document'>, { roots }: RuleContext): boolean {
  return roots.includes(document) ? isOpenApi32(document) : roots.some(isOpenApi32)
}
