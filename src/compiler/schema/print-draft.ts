import { canonicalJson, canonicalName, canonicalNames, type JsonValue } from '../../domain/index.ts'
import { DraftTarget, type Draft, type DraftValue, type PrintedDraft } from './draft.ts'

/**
 * The canonical JSON (RFC 8785) of a draft, with `#/$defs/<name>` for what it refers to. It is walked once, however many
 * schemas it becomes a part of under one name or another.
 */
export function printDraft(draft: Draft, nameOf: (key: string) => string): string {
  const { texts, keys } = (draft.known.printed ??= printParts(draft))
  let text = texts[0] as string
  for (let index = 0; index < keys.length; index++) text += nameOf(keys[index] as string) + texts[index + 1]
  return text
}

const NONE: readonly string[] = []

function printParts({ schema, uses }: Draft): PrintedDraft {
  // Without a reference it is JSON already.
  if (uses.length === 0) return { texts: [canonicalJson(schema as JsonValue)], keys: NONE }
  const texts: string[] = []
  const keys: string[] = []
  let text = ''
  const print = (value: DraftValue): void => {
    if (value instanceof DraftTarget) {
      texts.push(`${text}"#/$defs/`)
      keys.push(value.key)
      text = '"'
    } else if (typeof value !== 'object' || value === null) text += canonicalJson(value)
    else if (Array.isArray(value)) {
      text += '['
      for (const [index, item] of (value as readonly DraftValue[]).entries()) {
        if (index > 0) text += ','
        print(item)
      }
      text += ']'
    } else printMembers(value as Readonly<Record<string, DraftValue>>)
  }
  const printMembers = (value: Readonly<Record<string, DraftValue>>): void => {
    let separator = '{'
    for (const name of canonicalNames(value)) {
      text += separator + canonicalName(name)
      print(value[name] as DraftValue)
      separator = ','
    }
    text += separator === '{' ? '{}' : '}'
  }
  print(schema)
  texts.push(text)
  return { texts, keys }
}
