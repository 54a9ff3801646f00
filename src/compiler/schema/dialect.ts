import { isObject } from '../../domain/index.ts'
import type { SourceDocument } from '../document/index.ts'
import type { Dialect } from './draft.ts'

/** The dialect of a document: its own where it is a description, else that of the description that refers to it. */
export function dialectOf(document: SourceDocument, inherited: Dialect): Dialect {
  const openapi = isObject(document.root) ? document.root['openapi'] : undefined
  if (typeof openapi !== 'string') return inherited
  return openapi.startsWith('3.0.') ? '3.0' : '2020-12'
}
