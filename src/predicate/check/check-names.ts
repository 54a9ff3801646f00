import { closestName } from '../../domain/index.ts'
import { namesOf, resolveName } from '../names/index.ts'
import type { Node } from '../syntax/index.ts'
import { formatType, type Type } from '../types/index.ts'
import type { CheckContext } from './check-context.ts'

/** The type of `a.b.c`, or undefined for a node that is more than names; reports names that mean nothing. */
export function checkNames(node: Node, context: CheckContext): Type | undefined {
  const names = namesOf(node)
  if (names === undefined) return undefined
  const { declarations, scope } = context
  const locals = scope.map(({ name }) => name)
  const resolved = resolveName(node, locals, declarations)
  if (resolved === undefined) {
    reportUnknown(names, node.at, context)
    return 'dyn'
  }
  if (resolved.kind === 'type') return 'type'
  const type =
    resolved.kind === 'local'
      ? (scope[resolved.slot]?.type ?? 'dyn')
      : (declarations[resolved.name]?.type ?? 'dyn')
  return resolved.fields.reduce((operand, field) => fieldType(operand, field, node, context), type)
}

function fieldType(operand: Type, field: string, node: Node, { report }: CheckContext): Type {
  if (operand === 'dyn') return 'dyn'
  if (
    typeof operand === 'object' &&
    'map' in operand &&
    ['string', 'dyn'].includes(formatType(operand.map[0]))
  ) {
    return operand.map[1]
  }
  const message = `a value of type ${formatType(operand)} has no field \`${field}\``
  report({ at: node.at, message, hint: 'Fields are of maps.' })
  return 'dyn'
}

function reportUnknown(
  names: readonly string[],
  at: number,
  { declarations, scope, report }: CheckContext,
): void {
  const known = [...Object.keys(declarations), ...scope.map(({ name }) => name)]
  const written = names.join('.')
  const below = known.filter((name) => name.startsWith(`${names[0]}.`))
  const [, second] = names
  if (below.length > 0 && second === undefined) {
    const message = `\`${written}\` has no value of its own`
    report({ at, message, hint: `Name one of its fields: ${below.map((name) => `\`${name}\``).join(', ')}.` })
    return
  }
  const nearest = closestName(below.length > 0 ? names.slice(0, 2).join('.') : written, known)
  const hint =
    nearest === undefined
      ? `The variables here are ${known.map((name) => `\`${name}\``).join(', ') || 'none'}.`
      : `Did you mean \`${nearest}\`?`
  report({ at, message: `there is no variable \`${written}\``, hint })
}
