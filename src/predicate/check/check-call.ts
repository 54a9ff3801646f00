import { closestName } from '../../domain/index.ts'
import { findFunction, functionNames, type FunctionDefinition } from '../functions/index.ts'
import { namesOf } from '../names/index.ts'
import type { Call, Node } from '../syntax/index.ts'
import { formatType, isAssignable, join, type Type } from '../types/index.ts'
import type { CheckContext } from './check-context.ts'

export interface CheckedCall {
  readonly result: Type
  readonly operands: readonly Type[]
}

/** The types of a call's operands and of its result; reports functions that are none and operands that do not fit. */
export function checkCall(
  node: Call,
  context: CheckContext,
  typeOf: (node: Node, context: CheckContext) => Type,
): CheckedCall {
  const qualified = qualifiedFunction(node)
  const nodes =
    qualified === undefined && node.target !== undefined ? [node.target, ...node.operands] : node.operands
  const operands = nodes.map((operand) => typeOf(operand, context))
  const style = node.target === undefined ? 'function' : 'method'
  const definition = qualified ?? findFunction(style, node.name, operands.length)
  if (definition === undefined) {
    reportUnknown(node, style, context)
    return { result: 'dyn', operands }
  }
  const fitting = definition.signatures.filter(({ parameters }) =>
    parameters.every((parameter, index) => isAssignable(operands[index] as Type, parameter)),
  )
  if (fitting.length > 0) return { result: join(fitting.map(({ result }) => result)), operands }
  const message = `${describe(node.name)} does not take (${operands.map(formatType).join(', ')})`
  context.report({ at: node.at, message, hint: `It takes ${signaturesOf(definition)}.` })
  return { result: 'dyn', operands }
}

/** `strings.quote(x)` reads as a method, but is a function with a dot in its name. */
export function qualifiedFunction({ target, name, operands }: Call): FunctionDefinition | undefined {
  const names = target === undefined ? undefined : namesOf(target)
  return names === undefined
    ? undefined
    : findFunction('function', [...names, name].join('.'), operands.length)
}

function reportUnknown(
  { name, at, operands }: Call,
  style: 'function' | 'method',
  context: CheckContext,
): void {
  const names = functionNames(style)
  if (names.includes(name)) {
    const message = `the ${style} \`${name}\` does not take ${operands.length} arguments`
    context.report({ at, message, hint: 'docs/reference/predicates.md lists what every function takes.' })
    return
  }
  const other = style === 'method' ? 'function' : 'method'
  const nearest = closestName(name, names)
  const hint = functionNames(other).includes(name)
    ? `It is a ${other}: ${other === 'method' ? `\`x.${name}(…)\`` : `\`${name}(x)\``}.`
    : nearest === undefined
      ? 'docs/reference/predicates.md lists the functions.'
      : `Did you mean \`${nearest}\`?`
  context.report({ at, message: `there is no ${style} \`${name}\``, hint })
}

function signaturesOf({ signatures }: FunctionDefinition): string {
  return signatures.map(({ parameters }) => `(${parameters.map(formatType).join(', ')})`).join(', ')
}

/** `_+_` as `+`. */
function describe(name: string): string {
  return `\`${name === '-_' || name === '!_' ? name.charAt(0) : name.replace(/^_(.+)_$/, '$1').replace('@in', 'in')}\``
}
