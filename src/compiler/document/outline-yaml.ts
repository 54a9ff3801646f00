import {
  EVENT_ID,
  getScalarValue,
  load,
  parseEvents,
  SCALAR_STYLE,
  type AliasEvent,
  type ScalarEvent,
} from 'js-yaml'

import { createOutlineBuilder, type Outline, type OutlinedText } from './outline.ts'
import type { Span } from './span.ts'
import { yamlOptions } from './yaml-options.ts'

/** Outlines a text that js-yaml has loaded without a syntax error. */
export function outlineYaml(text: string): OutlinedText {
  const builder = createOutlineBuilder()
  const anchors = new Map<string, { readonly outline: Outline; readonly key: string }>()
  let offset = 0

  const remember = (
    event: { anchorStart: number; anchorEnd: number },
    outline: Outline,
    key: string,
  ): void => {
    if (event.anchorStart >= 0) anchors.set(text.slice(event.anchorStart, event.anchorEnd), { outline, key })
  }
  const scalar = (event: ScalarEvent): void => {
    const span = scalarSpan(event, offset)
    offset = span.end
    const isKey = builder.expectsKey()
    const key = isKey || event.anchorStart >= 0 ? keyText(text, event) : ''
    const outline = { ...span }
    remember(event, outline, key)
    if (isKey) builder.key(key, span)
    else builder.value(outline)
  }
  const alias = (event: AliasEvent): void => {
    const anchor = anchors.get(text.slice(event.anchorStart, event.anchorEnd))
    const span = { start: event.anchorStart - 1, end: event.anchorEnd }
    offset = span.end
    if (builder.expectsKey()) builder.key(anchor?.key ?? '', span)
    // The value of an alias has the members of its anchor but stands where the alias is written.
    else builder.value({ ...anchor?.outline, ...span })
  }

  for (const event of parseEvents(text, yamlOptions)) {
    if (event.type === EVENT_ID.SCALAR) scalar(event)
    else if (event.type === EVENT_ID.ALIAS) alias(event)
    else if (event.type === EVENT_ID.POP) builder.close()
    else if (event.type === EVENT_ID.MAPPING) remember(event, builder.open(event.start, 'map'), '')
    else if (event.type === EVENT_ID.SEQUENCE) remember(event, builder.open(event.start, 'list'), '')
  }
  return builder.finish()
}

function scalarSpan(event: ScalarEvent, previousEnd: number): Span {
  if (event.valueStart < 0) return { start: previousEnd, end: previousEnd }
  const quotes =
    event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0
  return { start: event.valueStart - quotes, end: event.valueEnd + quotes }
}

/** The name that the parser gives to a key: plain keys of another type are named by their value (`0x10` is `16`). */
function keyText(text: string, event: ScalarEvent): string {
  const source = event.valueStart < 0 ? '' : getScalarValue(text, event)
  if (event.style !== SCALAR_STYLE.PLAIN || event.tagStart >= 0) return source
  if (source === '') return 'null'
  const value = TYPED.test(source) ? load(source, yamlOptions) : source
  if (value === null) return 'null'
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : source
}

const TYPED = /^(?:[-+]?\.?\d[\w.+-]*|[-+]?\.inf|\.nan|~|null|true|false)$/i
