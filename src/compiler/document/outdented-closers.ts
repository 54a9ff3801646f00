import { EVENT_ID, load, parseEvents, YAMLException } from 'js-yaml'

import type { SyntaxFault } from './syntax-fault.ts'
import { yamlOptions } from './yaml-options.ts'

/** A text in which every `}` and `]` ends its collection at the place where it stands. */
interface Raised {
  readonly text: string
  readonly faults: readonly SyntaxFault[]
}

/**
 * YAML 1.2 (§7.4) wants the end of a flow collection further right than the key that it belongs to. Few parsers insist,
 * and descriptions with pasted JSON have it below the key: such an end is moved to the line above, by spaces for the line
 * break, so that everything keeps its offset. Undefined where something else is wrong, too.
 */
export function raiseClosers(text: string, refused: YAMLException): Raised | undefined {
  const starts = new Set<number>()
  let raised = text
  let error = refused
  // Each is found by parsing again: without a limit, many in a large file would take for ever.
  for (let parsed = 0; parsed <= MAX_CHARS_PARSED; parsed += text.length) {
    const start = error.mark?.position ?? 0
    const joined = error.reason === 'deficient indentation' ? joinToLineAbove(raised, start) : undefined
    if (joined === undefined) return undefined
    starts.add(start)
    raised = joined
    const next = faultOf(raised)
    if (next === undefined)
      return isWithinText(raised, starts)
        ? undefined
        : { text: raised, faults: [...starts].map((at) => fault(text, at)) }
    error = next
  }
  return undefined
}

const MAX_CHARS_PARSED = 2 ** 25

function joinToLineAbove(text: string, start: number): string | undefined {
  const closer = text[start]
  const end = text.lastIndexOf('\n', start)
  if (end < 0 || (closer !== '}' && closer !== ']')) return undefined
  const from = text[end - 1] === '\r' ? end - 1 : end
  const above = text.slice(text.lastIndexOf('\n', from - 1) + 1, from)
  // Behind a comment it would be part of it.
  if (/(?:^|\s)#/.test(above)) return undefined
  return text.slice(0, from) + ' '.repeat(end + 1 - from) + text.slice(end + 1)
}

/** What keeps a text from being read, duplicate keys aside. */
function faultOf(text: string): YAMLException | undefined {
  try {
    load(text, { ...yamlOptions, json: true })
    return undefined
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    return error
  }
}

/** Quoted texts want to be indented likewise, and would have other spaces. */
function isWithinText(text: string, starts: ReadonlySet<number>): boolean {
  const scalars = parseEvents(text, yamlOptions).filter((event) => event.type === EVENT_ID.SCALAR)
  return [...starts].some((start) =>
    scalars.some(({ valueStart, valueEnd }) => valueStart <= start && start < valueEnd),
  )
}

function fault(text: string, start: number): SyntaxFault {
  return {
    severity: 'warning',
    message: `The \`${text[start]}\` has to stand further right than the key of what it ends (YAML 1.2 §7.4)`,
    hint: 'Indent it by one more space; not every parser reads it like this.',
    start,
    end: start + 1,
  }
}
