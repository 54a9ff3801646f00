import type { Call, Node } from './node.ts'
import { parsePrimary, type Parser } from './parse-primary.ts'
import { negated } from './scan-number.ts'
import { PredicateSyntaxError } from './syntax-error.ts'
import { TokenStream } from './token-stream.ts'

const MAX_SOURCE_LENGTH = 32_768
/** How deep an expression may nest: evaluation uses the stack. */
const MAX_DEPTH = 200

const BINDING: ReadonlyMap<string, number> = new Map([
  ...['==', '!=', '<', '<=', '>', '>=', 'in'].map((name) => [name, 1] as const),
  ...['+', '-'].map((name) => [name, 2] as const),
  ...['*', '/', '%'].map((name) => [name, 3] as const),
])

/**
 * Parses an expression (langdef, "Syntax"). Macros are expanded to comprehensions.
 *
 * @throws {PredicateSyntaxError} for a text that is none, is longer than 32768 or nests deeper than 200.
 */
export function parseExpression(source: string): Node {
  if (source.length > MAX_SOURCE_LENGTH) {
    throw new PredicateSyntaxError(
      'the expression is too long',
      0,
      `The limit is ${MAX_SOURCE_LENGTH} characters.`,
    )
  }
  const tokens = new TokenStream(source)
  let open = 0
  const expression = (): Node => {
    open += 1
    if (open > MAX_DEPTH) throw tooDeep(tokens.next.start)
    const node = parseConditional(parser)
    open -= 1
    return node
  }
  const parser: Parser = { tokens, expression, checked }
  const node = expression()
  return tokens.next.kind === 'end' ? node : tokens.fail('an operator, or the end')
}

function checked<N extends Node>(node: N): N {
  if (node.depth > MAX_DEPTH) throw tooDeep(node.at)
  return node
}

function tooDeep(at: number): PredicateSyntaxError {
  return new PredicateSyntaxError('the expression nests too deeply', at, `The limit is ${MAX_DEPTH} levels.`)
}

function parseConditional(parser: Parser): Node {
  const { tokens } = parser
  const condition = parseLogical('or', parser)
  if (!tokens.isAt('?')) return condition
  const { start: at } = tokens.take()
  const yes = parseLogical('or', parser)
  tokens.expect(':')
  const no = parser.expression()
  const depth = 1 + Math.max(condition.depth, yes.depth, no.depth)
  return checked({ kind: 'conditional', condition, yes, no, at, depth })
}

function parseLogical(kind: 'and' | 'or', parser: Parser): Node {
  const sign = kind === 'or' ? '||' : '&&'
  const term = (): Node => (kind === 'or' ? parseLogical('and', parser) : parseBinary(1, parser))
  const first = term()
  if (!parser.tokens.isAt(sign)) return first
  const { start: at } = parser.tokens.next
  const terms = [first]
  while (parser.tokens.skip(sign)) terms.push(term())
  return checked({ kind, terms, at, depth: 1 + Math.max(...terms.map((node) => node.depth)) })
}

/** Relations, sums and products: all of them associate to the left. */
function parseBinary(binding: number, parser: Parser): Node {
  if (binding > 3) return parseUnary(parser)
  let left = parseBinary(binding + 1, parser)
  for (;;) {
    const { kind, text, start } = parser.tokens.next
    const isOperator = kind === 'sign' || (kind === 'name' && text === 'in')
    if (!isOperator || BINDING.get(text) !== binding) return left
    parser.tokens.take()
    const name = text === 'in' ? '@in' : `_${text}_`
    left = checked(operation(name, [left, parseBinary(binding + 1, parser)], start))
  }
}

function parseUnary(parser: Parser): Node {
  const { tokens } = parser
  if (!tokens.isAt('-') && !tokens.isAt('!')) return parsePrimary(parser)
  const sign = tokens.take()
  if (sign.text === '-') {
    const literal = negativeLiteral(parser, sign.start)
    if (literal !== undefined) return literal
  }
  const signs = [sign]
  while (tokens.isAt(sign.text)) signs.push(tokens.take())
  const operand = parsePrimary(parser)
  return signs.reduceRight<Node>(
    (node, { start }) => checked(operation(sign.text === '-' ? '-_' : '!_', [node], start)),
    operand,
  )
}

/** A minus sign and the number right after it are one literal, so that `-9223372036854775808` can be written. */
function negativeLiteral(parser: Parser, at: number): Node | undefined {
  const { next } = parser.tokens
  if (next.kind !== 'literal' || next.start !== at + 1) return undefined
  const value = negated(next)
  if (value === undefined) return undefined
  return parsePrimary(parser, { kind: 'literal', value, at, depth: 1 })
}

function operation(name: string, operands: readonly Node[], at: number): Call {
  const depth = 1 + Math.max(...operands.map((operand) => operand.depth))
  return { kind: 'call', name, target: undefined, operands, at, depth }
}
