import type { InputKind } from '../../domain/index.ts'

/** The bytes of an input, before they are described. */
export interface InputFile {
  readonly kind: InputKind
  readonly path: string
  readonly bytes: Uint8Array
}
