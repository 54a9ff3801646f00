import { createLineIndex, type SourceDocument } from '../../document/index.ts'
import type { Ignore } from './ignore.ts'

const DIRECTIVE = 'barbacane-disable-next-line'

/**
 * The ignores that stand as comments in a YAML file:
 * `# barbacane-disable-next-line rule[, rule] -- reason`. One covers the next line that is neither empty nor a comment.
 */
export async function readIgnoreComments(document: SourceDocument): Promise<readonly Ignore[]> {
  const { text, syntax, path: file } = document
  if (syntax !== 'yaml' || !text.includes(DIRECTIVE)) return []
  const { Lexer } = await import('yaml')
  const lineOf = createLineIndex(text)
  const ignores: Ignore[] = []
  const lines = text.split(/\r\n|\n|\r/)
  for (const { start, source } of commentsOf(new Lexer().lex(text))) {
    const content = /^#\s*barbacane-disable-next-line(?!\S)(.*)$/.exec(source)?.[1]
    if (content === undefined) continue
    const end = lineOf(start + source.length)
    const place = { file, ...lineOf(start), endLine: end.line, endCol: end.col }
    const line = nextLine(lines, place.line)
    const covers: Ignore['covers'] = ({ at }) => at.file === file && at.line === line
    const [names = '', ...rest] = content.split(/(?:^|\s)--(?:\s|$)/)
    const reason = rest.join(' -- ').trim()
    for (const rule of namesOf(names.split(/\s#/)[0] ?? '')) {
      ignores.push({ rule, reason: reason === '' ? undefined : reason, at: place, covers })
    }
  }
  return ignores
}

function namesOf(text: string): readonly string[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== '')
  return names.length === 0 ? [''] : names
}

/** The number of the first line after the given one that holds more than a comment. */
function nextLine(lines: readonly string[], line: number): number {
  const index = lines.findIndex((text, index) => index >= line && !/^\s*(#|$)/.test(text))
  return index === -1 ? lines.length + 1 : index + 1
}

const SCALAR_FOLLOWS = '\u001f'
const MARKS = new Set(['\u0002', '\u0018', SCALAR_FOLLOWS])

// The tokens of yaml's lexer add up to the text, but for the marks between them; text in a scalar is no comment.
function* commentsOf(tokens: Iterable<string>): Generator<{ start: number; source: string }> {
  let start = 0
  let isScalar = false
  for (const token of tokens) {
    if (MARKS.has(token)) {
      isScalar = token === SCALAR_FOLLOWS
      continue
    }
    if (!isScalar && token.startsWith('#')) yield { start, source: token }
    isScalar = false
    start += token.length
  }
}
