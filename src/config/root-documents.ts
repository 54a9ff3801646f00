import { createScanner } from 'jsonc-parser'

const ROOT_KEYS = ['openapi', 'asyncapi', 'swagger']

/**
 * True where a text has one of the root keys of a description at its top level. It is looked for in the text instead
 * of in parsed data, so that a description with a syntax error is still one and not left out in silence.
 */
export function isRootDocument(text: string): boolean {
  // What it stands for may be one; the compiler says what to do.
  if (text.startsWith('version https://git-lfs.github.com/spec/')) return true
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text
  const first = firstLineOf(content)
  if (/^\s*\{/.test(first)) return hasTopLevelMember(text)
  const indent = /^ */.exec(first)?.[0] ?? ''
  const key = `(?:^|[\\r\\n])${indent}(["']?)(?:${ROOT_KEYS.join('|')})\\1[^\\S\\r\\n]*:`
  return new RegExp(key).test(content)
}

/** The first line with content; the others are not taken apart. */
function firstLineOf(text: string): string {
  for (const [line] of text.matchAll(/[^\r\n]+/g)) {
    if (!/^\s*(#|$)|^(%|---|\.\.\.)/.test(line)) return line
  }
  return ''
}

function hasTopLevelMember(text: string): boolean {
  const scanner = createScanner(text, true)
  let depth = 0
  let last = ''
  for (let kind: number = scanner.scan(); kind !== END; kind = scanner.scan()) {
    if (kind === OPEN_BRACE || kind === OPEN_BRACKET) depth += 1
    else if (kind === CLOSE_BRACE || kind === CLOSE_BRACKET) depth -= 1
    else if (kind === COLON && depth === 1 && ROOT_KEYS.includes(last)) return true
    // Flow mappings of YAML have keys without quotes, with the colon as part of the token.
    else if (kind === UNKNOWN && depth === 1 && isUnquotedKey(scanner.getTokenValue())) return true
    last = kind === STRING ? scanner.getTokenValue() : ''
  }
  return false
}

function isUnquotedKey(token: string): boolean {
  return ROOT_KEYS.includes(token.replace(/:$/, ''))
}

// The kinds of tokens of jsonc-parser, whose const enum cannot be imported here.
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [1, 2, 3, 4]
const [COLON, STRING, UNKNOWN, END] = [6, 10, 16, 17]
