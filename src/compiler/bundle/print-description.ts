import { stringify } from 'yaml'

import type { JsonObject } from '../../domain/index.ts'

export type DescriptionFormat = 'yaml' | 'json'

/** A description as a text, its members in their order; it ends with a line feed. */
export function printDescription(document: JsonObject, format: DescriptionFormat): string {
  if (format === 'json') return `${JSON.stringify(document, undefined, 2)}\n`
  // What stands in two places is written twice: aliases are for people, and not every reader knows them.
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 })
}
