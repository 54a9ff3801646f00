import { isObject } from '../../domain/index.ts'
import { isKnownDialect, type SourceDocument } from '../document/index.ts'
import type { Dialect, ReportFault, SchemaPlace } from './draft.ts'

/** The dialect of a document: its own where it is a description, else that of the description that refers to it. */
export function dialectOf(document: SourceDocument, inherited: Dialect): Dialect {
  const openapi = isObject(document.root) ? document.root['openapi'] : undefined
  if (typeof openapi !== 'string') return inherited
  return openapi.startsWith('3.0.') ? '3.0' : '2020-12'
}

/** Reports a `$schema` that asks for other rules than those that schemas are read by. */
export function checkDialect(place: SchemaPlace, report: ReportFault): void {
  if (place.value === undefined || isKnownDialect(place.value)) return
  report({
    at: place,
    message: `\`$schema\` asks for the dialect ${JSON.stringify(place.value)}, which is not supported`,
    hint: 'Leave it out and write the schema in JSON Schema 2020-12.',
  })
}
