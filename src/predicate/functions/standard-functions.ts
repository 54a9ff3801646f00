import { conversions } from './conversions.ts'
import type { FunctionDefinition } from './definition.ts'
import { formatting } from './format.ts'
import { matching } from './matches.ts'
import { operators } from './operators.ts'
import { texts } from './texts.ts'
import { times } from './times.ts'

const all = [...operators, ...conversions, ...texts, ...formatting, ...matching, ...times]

const byKey = new Map<string, FunctionDefinition>()
for (const definition of all) {
  const arity = definition.signatures[0]?.parameters.length ?? 0
  if (definition.style !== 'method') byKey.set(`function ${definition.name} ${arity}`, definition)
  if (definition.style !== 'function') byKey.set(`method ${definition.name} ${arity}`, definition)
}

/** The function or method of a name with a number of operands, which includes the receiver of a method. */
export function findFunction(
  style: 'function' | 'method',
  name: string,
  arity: number,
): FunctionDefinition | undefined {
  return byKey.get(`${style} ${name} ${arity}`)
}

/** The names that can be called in that way, macros aside. */
export function functionNames(style: 'function' | 'method'): readonly string[] {
  const names = all.filter((one) => one.style === style || one.style === 'both').map(({ name }) => name)
  return [...new Set(names)].filter((name) => /^[A-Za-z]/.test(name))
}
