import { isObject, type JsonObject, type JsonValue } from '../../../domain/index.ts'
import type { MakePattern } from '../make-pattern.ts'
import type { Evaluate, Gathering, Run } from './evaluation.ts'

/** Applies a part of a schema to a value, and gathers what it finds. */
export type Apply = (value: unknown, gathering: Gathering, run: Run) => void

/** Makes the evaluation of a subschema. */
export type Compile = (schema: JsonValue) => Evaluate

/** What applies to members of objects and items of arrays (JSON Schema 2020-12 core §10.3). */
export function partsOf(schema: JsonObject, compile: Compile, makePattern: MakePattern): readonly Apply[] {
  return [...memberParts(schema, compile, makePattern), ...itemParts(schema, compile)]
}

function memberParts(schema: JsonObject, compile: Compile, makePattern: MakePattern): readonly Apply[] {
  const { properties, patternProperties, additionalProperties, propertyNames } = schema
  const { required, dependentRequired } = schema
  const named = mapOf(properties, compile)
  const patterns = [...mapOf(patternProperties, compile)].map(
    ([source, evaluate]) => [makePattern(source, 'u'), evaluate] as const,
  )
  const others = additionalProperties === undefined ? undefined : compile(additionalProperties)
  const names = propertyNames === undefined ? undefined : compile(propertyNames)
  const parts: Apply[] = []
  if (Array.isArray(required)) {
    const wanted = (required as readonly JsonValue[]).map(String)
    parts.push(
      onObject((value, gathering) => {
        for (const name of wanted) {
          if (!Object.hasOwn(value, name)) gathering.refuse(`must have required property '${name}'`)
        }
      }),
    )
  }
  if (isObject(dependentRequired)) {
    for (const [name, list] of Object.entries(dependentRequired)) {
      parts.push(dependentNames(name, (list as readonly JsonValue[]).map(String)))
    }
  }
  if (named.size + patterns.length > 0 || others !== undefined || names !== undefined) {
    parts.push(
      onObject((value, gathering, run) => {
        for (const [name, member] of Object.entries(value)) {
          const way = { above: gathering.way, token: name }
          const applied = [
            ...(named.has(name) ? [named.get(name) as Evaluate] : []),
            ...patterns.flatMap(([pattern, evaluate]) => (pattern.test(name) ? [evaluate] : [])),
          ]
          if (names !== undefined && names(name, way, run).faults.length > 0) {
            gathering.refuse('property name must be valid', name)
          }
          if (applied.length === 0 && others !== undefined) {
            gathering.members.add(name)
            if (additionalProperties === false) gathering.refuse('is not a declared member', name)
            else gathering.blame(others(member, way, run))
          }
          if (applied.length > 0) gathering.members.add(name)
          for (const evaluate of applied) gathering.blame(evaluate(member, way, run))
        }
      }),
    )
  }
  return parts
}

function dependentNames(name: string, wanted: readonly string[]): Apply {
  const list = `propert${wanted.length === 1 ? 'y' : 'ies'} ${wanted.join(', ')}`
  return onObject((value, gathering) => {
    if (!Object.hasOwn(value, name) || wanted.every((other) => Object.hasOwn(value, other))) return
    gathering.refuse(`must have ${list} when property ${name} is present`)
  })
}

function itemParts(schema: JsonObject, compile: Compile): readonly Apply[] {
  const { prefixItems, items, contains } = schema
  const prefix = Array.isArray(prefixItems) ? (prefixItems as readonly JsonValue[]).map(compile) : []
  const rest = items === undefined ? undefined : compile(items)
  const parts: Apply[] = []
  if (prefix.length > 0 || rest !== undefined) {
    parts.push(
      onList((list, gathering, run) => {
        for (const [index, item] of list.entries()) {
          const evaluate = prefix[index] ?? rest
          if (evaluate === undefined) break
          gathering.items.add(index)
          gathering.blame(evaluate(item, { above: gathering.way, token: index }, run))
        }
      }),
    )
  }
  if (contains !== undefined) parts.push(containsPart(schema, compile(contains)))
  return parts
}

function containsPart({ minContains, maxContains }: JsonObject, evaluate: Evaluate): Apply {
  const least = typeof minContains === 'number' ? minContains : 1
  const most = typeof maxContains === 'number' ? maxContains : Infinity
  const range = most === Infinity ? `at least ${least}` : `at least ${least} and no more than ${most}`
  return onList((list, gathering, run) => {
    let count = 0
    for (const [index, item] of list.entries()) {
      if (evaluate(item, { above: gathering.way, token: index }, run).faults.length > 0) continue
      gathering.items.add(index)
      count += 1
    }
    if (count < least || count > most) gathering.refuse(`must contain ${range} valid item(s)`)
  })
}

/** What applies to all that no other keyword has looked at (core §11), so that it comes last. */
export function unevaluatedParts(schema: JsonObject, compile: Compile): readonly Apply[] {
  const { unevaluatedProperties, unevaluatedItems } = schema
  const parts: Apply[] = []
  if (unevaluatedProperties !== undefined) {
    const evaluate = compile(unevaluatedProperties)
    parts.push(
      onObject((value, gathering, run) => {
        for (const [name, member] of Object.entries(value)) {
          if (gathering.members.has(name)) continue
          gathering.members.add(name)
          if (unevaluatedProperties === false) gathering.refuse('is not a declared member', name)
          else gathering.blame(evaluate(member, { above: gathering.way, token: name }, run))
        }
      }),
    )
  }
  if (unevaluatedItems !== undefined) {
    const evaluate = compile(unevaluatedItems)
    parts.push(
      onList((list, gathering, run) => {
        for (const [index, item] of list.entries()) {
          if (gathering.items.has(index)) continue
          gathering.items.add(index)
          gathering.blame(evaluate(item, { above: gathering.way, token: index }, run))
        }
      }),
    )
  }
  return parts
}

function onObject(
  apply: (value: Readonly<Record<string, unknown>>, gathering: Gathering, run: Run) => void,
): Apply {
  return (value, gathering, run) => {
    if (isObject(value)) apply(value, gathering, run)
  }
}

function onList(apply: (list: readonly unknown[], gathering: Gathering, run: Run) => void): Apply {
  return (value, gathering, run) => {
    if (Array.isArray(value)) apply(value, gathering, run)
  }
}

function mapOf(map: JsonValue | undefined, compile: Compile): ReadonlyMap<string, Evaluate> {
  const members = isObject(map) ? Object.entries(map) : []
  return new Map(members.map(([name, member]) => [name, compile(member)]))
}
