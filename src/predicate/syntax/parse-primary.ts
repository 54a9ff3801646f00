import { expandComprehension, expandHas } from './macros.ts'
import type { Literal, Node } from './node.ts'
import { PredicateSyntaxError } from './syntax-error.ts'
import type { TokenStream } from './token-stream.ts'

export interface Parser {
  readonly tokens: TokenStream
  /** Parses a whole expression, as it stands in brackets. */
  readonly expression: () => Node
  /** @throws {PredicateSyntaxError} for a node that nests too deeply. */
  readonly checked: <N extends Node>(node: N) => N
}

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
])
const RESERVED: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)

/** Parses a literal, name, call or bracket and the selections, indexes and methods after it. */
export function parsePrimary(parser: Parser, first?: Literal): Node {
  const { tokens } = parser
  if (first !== undefined) tokens.take()
  let node = first ?? parseFirst(parser)
  for (;;) {
    const at = tokens.next.start
    if (tokens.skip('[')) {
      const index = parser.expression()
      tokens.expect(']')
      node = parser.checked({
        kind: 'index',
        operand: node,
        index,
        at,
        depth: 1 + Math.max(node.depth, index.depth),
      })
    } else if (tokens.skip('.')) {
      node = parser.checked(parseMember(parser, node))
    } else if (tokens.isAt('{') && messageNameOf(node) !== undefined) {
      node = parseMessage(parser, messageNameOf(node) as string, node.at)
    } else {
      return node
    }
  }
}

function parseFirst(parser: Parser): Node {
  const { tokens } = parser
  const { kind, start: at } = tokens.next
  if (kind === 'literal') return { kind: 'literal', value: literalValue(tokens), at, depth: 1 }
  if (tokens.skip('(')) {
    const node = parser.expression()
    tokens.expect(')')
    return node
  }
  if (tokens.skip('[')) return parser.checked(parseList(parser, at))
  if (tokens.skip('{')) return parser.checked(parseMap(parser, at))
  const isAbsolute = tokens.skip('.')
  const { kind: second, text } = tokens.next
  if (second !== 'name') return tokens.fail('a value')
  tokens.take()
  const constant = isAbsolute ? undefined : CONSTANTS.get(text)
  if (constant !== undefined) return { kind: 'literal', value: constant, at, depth: 1 }
  if (CONSTANTS.has(text) || text === 'in' || RESERVED.has(text)) {
    throw new PredicateSyntaxError(`\`${text}\` is a reserved word`, at, 'Choose another name.')
  }
  if (!tokens.skip('(')) return { kind: 'identifier', name: text, isAbsolute, at, depth: 1 }
  const operands = parseList(parser, at, ')').elements
  const depth = depthOf(operands)
  const expanded = text === 'has' && !isAbsolute ? expandHas(operands, at) : undefined
  return parser.checked(expanded ?? { kind: 'call', name: text, target: undefined, operands, at, depth })
}

function literalValue(tokens: TokenStream): Literal['value'] {
  const { value, start, text } = tokens.take()
  if (value === 2n ** 63n) {
    throw new PredicateSyntaxError(
      `${text} does not fit in 64 bits`,
      start,
      'Write a smaller number, or a `double`.',
    )
  }
  return value
}

function parseMember(parser: Parser, operand: Node): Node {
  const { tokens } = parser
  const { kind, text, start: at } = tokens.next
  const isField = kind === 'quoted' || (kind === 'name' && !CONSTANTS.has(text) && text !== 'in')
  if (!isField) return tokens.fail('the name of a field or method')
  tokens.take()
  if (kind === 'quoted' || !tokens.skip('(')) {
    return { kind: 'select', operand, field: text, isTest: false, at, depth: operand.depth + 1 }
  }
  const operands = parseList(parser, at, ')').elements
  const depth = depthOf([operand, ...operands])
  return (
    expandComprehension(text, operand, { operands, at }) ?? {
      kind: 'call',
      name: text,
      target: operand,
      operands,
      at,
      depth,
    }
  )
}

function parseList({ tokens, expression }: Parser, at: number, closing = ']') {
  const elements: Node[] = []
  while (!tokens.isAt(closing)) {
    elements.push(expression())
    if (!tokens.skip(',')) break
    // A list may end with a comma, arguments may not.
    if (closing === ')' && tokens.isAt(')')) return tokens.fail('a value')
  }
  tokens.expect(closing)
  return { kind: 'list', elements, at, depth: depthOf(elements) } as const
}

function parseMap({ tokens, expression }: Parser, at: number) {
  const entries: (readonly [Node, Node])[] = []
  while (!tokens.isAt('}')) {
    const key = expression()
    tokens.expect(':')
    entries.push([key, expression()])
    if (!tokens.skip(',')) break
  }
  tokens.expect('}')
  return { kind: 'map', entries, at, depth: depthOf(entries.flat()) } as const
}

function parseMessage({ tokens, expression }: Parser, name: string, at: number): Node {
  tokens.expect('{')
  while (!tokens.isAt('}')) {
    if (!['name', 'quoted'].includes(tokens.next.kind)) return tokens.fail('the name of a field')
    tokens.take()
    tokens.expect(':')
    expression()
    if (!tokens.skip(',')) break
  }
  tokens.expect('}')
  return { kind: 'message', name, at, depth: 1 }
}

/** `a.b.c` as a name, where a node is nothing but names. */
function messageNameOf(node: Node): string | undefined {
  if (node.kind === 'identifier') return node.name
  if (node.kind !== 'select' || node.isTest) return undefined
  const operand = messageNameOf(node.operand)
  return operand === undefined ? undefined : `${operand}.${node.field}`
}

function depthOf(nodes: readonly Node[]): number {
  return nodes.reduce((depth, node) => Math.max(depth, node.depth + 1), 1)
}
