import { isDeepStrictEqual } from 'node:util'

import { readSource } from '../document/index.ts'
import { formatExtensions } from './format-extensions.ts'
import { formatManifest } from './format-manifest.ts'

/** Why a text is not formatted. */
export interface FormatRefusal {
  readonly reason: string
}

/**
 * Brings a YAML text into the normal form: in a description the values of `x-barbacane-*` as blocks with `name` before
 * `config`, in a barbacane.yaml the order of the keys. Everything else stays as it is, byte for byte. What is parsed
 * from the text stays the same, and a formatted text is formatted to itself.
 *
 * @returns the text, the same one where there is nothing to do, or why it is left alone.
 */
export function formatText(text: string, kind: 'description' | 'manifest'): string | FormatRefusal {
  const before = parsed(text)
  if (before === undefined) return { reason: 'it is no valid YAML' }
  const formatted = kind === 'manifest' ? formatManifest(text) : formatExtensions(text)
  if (formatted === text) return text
  const after = parsed(formatted)
  const isSame = after !== undefined && isDeepStrictEqual(after.root, before.root)
  return isSame ? formatted : { reason: 'its normal form would not mean the same' }
}

// The parser of the compiler decides what a text means, not the one that formats it.
function parsed(text: string): { readonly root: unknown } | undefined {
  const { document, findings } = readSource('text.yaml', Buffer.from(text))
  return findings.some(({ severity }) => severity === 'error') ? undefined : document
}
