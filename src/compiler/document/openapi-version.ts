import { isObject } from '../../domain/index.ts'
import type { SourceDocument } from './source-document.ts'

/** True for a description of OpenAPI 3.2 or later. */
export function isOpenApi32({ root }: Pick<SourceDocument, 'root'>): boolean {
  const version: unknown = isObject(root) ? root['openapi'] : undefined
  return typeof version === 'string' && !/^3\.[01]\./.test(version)
}
