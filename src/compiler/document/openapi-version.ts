import { isObject } from '../../domain/index.ts'
import type { SourceDocument } from './source-document.ts'

type Versioned = Pick<SourceDocument, 'root'>

const BEFORE_32 = /^3\.[01]\./

/** True for a description of OpenAPI 3.2 or later. */
export function isOpenApi32(document: Versioned): boolean {
  const version = versionOf(document)
  return version !== undefined && !BEFORE_32.test(version)
}

/** True for a description of OpenAPI 3.0 or 3.1. */
export function isBeforeOpenApi32(document: Versioned): boolean {
  const version = versionOf(document)
  return version !== undefined && BEFORE_32.test(version)
}

function versionOf({ root }: Versioned): string | undefined {
  const version: unknown = isObject(root) ? root['openapi'] : undefined
  return typeof version === 'string' ? version : undefined
}
