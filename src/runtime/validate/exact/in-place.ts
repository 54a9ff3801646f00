import { isObject, type JsonObject, type JsonValue } from '../../../domain/index.ts'
import type { Apply, Compile } from './applicators.ts'
import type { Evaluate, Gathering, Run } from './evaluation.ts'

/** What applies to the same value (JSON Schema 2020-12 core §10.2). */
export function inPlaceParts(schema: JsonObject, compile: Compile): readonly Apply[] {
  const { allOf, anyOf, oneOf, not, if: condition, dependentSchemas } = schema
  const parts: Apply[] = []
  for (const branch of listOf(allOf)) parts.push(always(compile(branch)))
  if (anyOf !== undefined) parts.push(anyPart(listOf(anyOf).map(compile)))
  if (oneOf !== undefined) parts.push(onePart(listOf(oneOf).map(compile)))
  if (not !== undefined) parts.push(notPart(compile(not)))
  if (condition !== undefined) parts.push(conditionPart(schema, compile(condition), compile))
  const dependent = isObject(dependentSchemas) ? Object.entries(dependentSchemas) : []
  for (const [name, member] of dependent) {
    const apply = always(compile(member))
    parts.push((value, gathering, run) => {
      if (isObject(value) && Object.hasOwn(value, name)) apply(value, gathering, run)
    })
  }
  return parts
}

/** Applies a schema to the value itself. */
export function always(evaluate: Evaluate): Apply {
  return (value, gathering, run) => {
    const outcome = evaluate(value, gathering.way, run)
    gathering.blame(outcome)
    gathering.join(outcome)
  }
}

function anyPart(branches: readonly Evaluate[]): Apply {
  return (value, gathering, run) => {
    const outcomes = branches.map((evaluate) => evaluate(value, gathering.way, run))
    for (const outcome of outcomes) gathering.join(outcome)
    if (outcomes.some(({ faults }) => faults.length === 0)) return
    for (const outcome of outcomes) gathering.blame(outcome)
    gathering.refuse('must match a schema in anyOf')
  }
}

function onePart(branches: readonly Evaluate[]): Apply {
  return (value, gathering, run) => {
    const outcomes = branches.map((evaluate) => evaluate(value, gathering.way, run))
    const fitting = outcomes.filter(({ faults }) => faults.length === 0)
    const [only, other] = fitting
    if (only !== undefined && other === undefined) return gathering.join(only)
    if (only === undefined) for (const outcome of outcomes) gathering.blame(outcome)
    gathering.refuse('must match exactly one schema in oneOf')
  }
}

function notPart(evaluate: Evaluate): Apply {
  return (value, gathering, run) => {
    if (evaluate(value, gathering.way, run).faults.length === 0) gathering.refuse('must NOT be valid')
  }
}

function conditionPart(schema: JsonObject, condition: Evaluate, compile: Compile): Apply {
  const branch = (keyword: 'then' | 'else') => {
    const held = schema[keyword]
    if (held === undefined) return undefined
    const evaluate = compile(held)
    return (value: unknown, gathering: Gathering, run: Run): void => {
      const outcome = evaluate(value, gathering.way, run)
      gathering.blame(outcome)
      gathering.join(outcome)
      if (outcome.faults.length > 0) gathering.refuse(`must match "${keyword}" schema`)
    }
  }
  const [then, otherwise] = [branch('then'), branch('else')]
  return (value, gathering, run) => {
    const met = condition(value, gathering.way, run)
    gathering.join(met)
    if (met.faults.length === 0) then?.(value, gathering, run)
    else otherwise?.(value, gathering, run)
  }
}

function listOf(list: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(list) ? (list as readonly JsonValue[]) : []
}
