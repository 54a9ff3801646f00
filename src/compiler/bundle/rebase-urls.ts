import { posix } from 'node:path'

import { isRemoteDocument } from '../../domain/index.ts'
import type { NodeType } from '../document/index.ts'

/** Members that hold a URL that is relative to the file it stands in, and that is no `$ref`. */
const URLS: Partial<Readonly<Record<NodeType, readonly string[]>>> = {
  example: ['externalValue'],
  link: ['operationRef'],
}

/** The member of an object as it has to be written in another file, so that it means what it did. */
export function rebaseUrl(
  type: NodeType,
  member: string,
  value: unknown,
  { from, to }: { readonly from: string; readonly to: string },
): unknown {
  if (from === to || typeof value !== 'string' || URLS[type]?.includes(member) !== true) return value
  if (/^(?:[a-z][a-z\d+.-]*:|\/)/i.test(value)) return value
  if (isRemoteDocument(from)) return URL.parse(value, from)?.href ?? value
  const [location = '', ...fragment] = value.split('#')
  const target = location === '' ? from : posix.join(posix.dirname(from), location)
  return [posix.relative(posix.dirname(to), target), ...fragment].join('#')
}
