import { PredicateSyntaxError } from './syntax-error.ts'
import type { Macro, Node } from './node.ts'

const MACROS: Readonly<Record<string, Macro>> = {
  all: 'all',
  exists: 'exists',
  exists_one: 'exists_one',
  existsOne: 'exists_one',
  map: 'map',
  filter: 'filter',
}

/** `has(x.y)`, which asks whether there is a `y`. */
export function expandHas(operands: readonly Node[], at: number): Node | undefined {
  const [operand] = operands
  if (operands.length !== 1 || operand === undefined) return undefined
  if (operand.kind === 'select') return { ...operand, isTest: true, at }
  throw new PredicateSyntaxError(
    'has() takes a selection',
    at,
    'Write `has(x.y)`; for other keys: `"key" in x`.',
  )
}

/** `range.all(x, …)` and its relatives; undefined for a method that is no macro. */
export function expandComprehension(
  name: string,
  range: Node,
  { operands, at }: { readonly operands: readonly Node[]; readonly at: number },
): Node | undefined {
  const macro = Object.hasOwn(MACROS, name) ? MACROS[name] : undefined
  const isFiltering = macro === 'map' && operands.length === 3
  if (macro === undefined || (operands.length !== 2 && !isFiltering)) return undefined
  const [variable, ...rest] = operands
  if (variable?.kind !== 'identifier' || variable.isAbsolute) {
    const where = variable?.at ?? at
    throw new PredicateSyntaxError(
      `${name}() takes the name of a variable first`,
      where,
      `Write \`list.${name}(x, …)\`.`,
    )
  }
  const body = rest.at(-1) as Node
  const filter = isFiltering ? rest[0] : undefined
  const depth = 1 + Math.max(range.depth, ...rest.map((operand) => operand.depth))
  return { kind: 'comprehension', macro, variable: variable.name, range, filter, body, at, depth }
}
