import { appendPointer, isObject } from '../../domain/index.ts'
import { isKnownDialect } from './known-dialect.ts'
import type { SourceDocument } from './source-document.ts'

/** Where a schema is written. */
export interface SchemaPlace {
  readonly document: SourceDocument
  readonly pointer: string
  readonly value: unknown
}

/** What is wrong with a schema, at a place. */
export interface SchemaFault {
  readonly at: Pick<SchemaPlace, 'document' | 'pointer'>
  readonly message: string
  readonly hint: string
}

export type ReportSchemaFault = (fault: SchemaFault) => void

/** Reports keywords of a schema, not of OpenAPI 3.0, that ask for other rules than those of JSON Schema 2020-12. */
export function checkSchemaRules({ document, pointer, value }: SchemaPlace, report: ReportSchemaFault): void {
  if (!isObject(value)) return
  const { $schema, $recursiveRef } = value
  if ($schema !== undefined && !isKnownDialect($schema)) {
    report({
      at: { document, pointer: appendPointer(pointer, '$schema') },
      message: `\`$schema\` asks for the dialect ${JSON.stringify($schema)}, which is not supported`,
      hint: 'Leave it out and write the schema in JSON Schema 2020-12.',
    })
  }
  if ($recursiveRef === undefined) return
  report({
    at: { document, pointer: appendPointer(pointer, '$recursiveRef') },
    message: '`$recursiveRef` has no meaning in JSON Schema 2020-12',
    hint: 'Write `$dynamicRef`, and `$dynamicAnchor` in the place of `$recursiveAnchor`.',
  })
}
