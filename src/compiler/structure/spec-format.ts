import { isObject, type Finding } from '../../domain/index.ts'
import type { SourceDocument } from '../document/index.ts'

export type OpenapiVersion = '3.0' | '3.1' | '3.2'

/** What a root document says it is. */
export type SpecFormat =
  | { readonly version: OpenapiVersion | 'asyncapi'; readonly fullVersion: string }
  | { readonly finding: Finding }

/** Reads which description format a root document is written in; anything but OpenAPI 3.0 to 3.2 and AsyncAPI 2 and 3 is a finding. */
export function specFormat(document: SourceDocument): SpecFormat {
  const { root } = document
  if (!isObject(root)) {
    const hint = 'A description begins with `openapi: 3.1.0`; leave other files out of `specs`.'
    return refuse(document, '', 'The document is not an OpenAPI description', hint)
  }
  if ('asyncapi' in root) {
    return asyncapiFormat(document, root['asyncapi'])
  }
  if ('swagger' in root) {
    const message = `Swagger ${written(root['swagger'])} is not supported`
    return refuse(
      document,
      '/swagger',
      message,
      'Convert the description to OpenAPI 3.1 (swagger2openapi does it).',
    )
  }
  return openapiFormat(document, root['openapi'])
}

function asyncapiFormat(document: SourceDocument, asyncapi: unknown): SpecFormat {
  const isSupported =
    typeof asyncapi === 'string' && /^(?:2\.[0-6]\.\d+|3\.[01]\.\d+(?:-.+)?)$/.test(asyncapi)
  if (isSupported) return { version: 'asyncapi', fullVersion: asyncapi }
  const message = `AsyncAPI ${written(asyncapi)} is not supported`
  return refuse(
    document,
    '/asyncapi',
    message,
    'Use AsyncAPI 2.0 to 2.6, 3.0 or 3.1, written as a text, e.g. 3.0.0.',
  )
}

function openapiFormat(document: SourceDocument, openapi: unknown): SpecFormat {
  if (openapi === undefined) {
    const hint = 'Begin it with `openapi: 3.1.0`; leave files that are only referenced out of `specs`.'
    return refuse(document, '', 'The document does not say which version of OpenAPI it is', hint)
  }
  if (typeof openapi === 'number') {
    const hint = `Write it as a text with three parts: "${Number.isInteger(openapi) ? '3.1' : openapi}.0".`
    return refuse(document, '/openapi', `The OpenAPI version is the number ${openapi}`, hint)
  }
  const version = typeof openapi === 'string' ? /^(3\.[012])\.\d+(?:-.+)?$/.exec(openapi)?.[1] : undefined
  if (typeof openapi === 'string' && isSupported(version)) return { version, fullVersion: openapi }
  const message = `OpenAPI ${written(openapi)} is not supported`
  return refuse(
    document,
    '/openapi',
    message,
    'Use OpenAPI 3.0, 3.1 or 3.2, written with three parts, e.g. 3.1.0.',
  )
}

function isSupported(version: string | undefined): version is OpenapiVersion {
  return version === '3.0' || version === '3.1' || version === '3.2'
}

function written(version: unknown): string {
  return typeof version === 'string' ? version.slice(0, 40) : JSON.stringify(version).slice(0, 40)
}

function refuse(document: SourceDocument, pointer: string, message: string, hint: string): SpecFormat {
  const place = document.locate(pointer)
  const at = pointer === '' ? { file: place.file, line: 1, col: 1, pointer } : place
  return { finding: { rule: 'spec-format', code: 'E1001', severity: 'error', message, hint, at } }
}
