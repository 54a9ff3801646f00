import type { SourceDocument } from '../document/index.ts'

/** A value in a document. */
export interface Place {
  readonly document: SourceDocument
  readonly pointer: string
}
