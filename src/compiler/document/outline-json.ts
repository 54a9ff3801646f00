import { visit } from 'jsonc-parser'

import { createOutlineBuilder, type OutlinedText } from './outline.ts'

/** Outlines a text that is valid JSON. */
export function outlineJson(text: string): OutlinedText {
  const builder = createOutlineBuilder()
  visit(text, {
    onObjectBegin: (offset) => {
      builder.open(offset, 'map')
    },
    onObjectProperty: (key, offset, length) => builder.key(key, { start: offset, end: offset + length }),
    onObjectEnd: (offset, length) => builder.close(offset + length),
    onArrayBegin: (offset) => {
      builder.open(offset, 'list')
    },
    onArrayEnd: (offset, length) => builder.close(offset + length),
    onLiteralValue: (_value, offset, length) => builder.value({ start: offset, end: offset + length }),
  })
  return builder.finish()
}
