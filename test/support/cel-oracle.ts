import { celEnv, isCelError, isCelList, isCelMap, isCelType, isCelUint, parse, plan } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'
import { isMessage } from '@bufbuild/protobuf'
import { DurationSchema, TimestampSchema } from '@bufbuild/protobuf/wkt'

import { Frame, planNode, slotCount } from '../../src/predicate/plan/index.ts'
import { parseExpression, PredicateSyntaxError } from '../../src/predicate/syntax/index.ts'
import type { Declarations } from '../../src/predicate/types/index.ts'
import {
  Double,
  Duration,
  EvaluationStopped,
  Failure,
  isList,
  isMap,
  kindOf,
  lookupKeyOf,
  mapGet,
  mapKeys,
  Timestamp,
  TypeName,
  Uint,
  type Value,
} from '../../src/predicate/values/index.ts'

/** What an evaluation gives, as a text by which two evaluators can be compared; every failure is `error`. */
export type Outcome = string

const NANOS = 1_000_000_000n

/** Evaluates by the planner of the package @bufbuild/cel. */
export function evaluateByOracle(source: string, bindings: Readonly<Record<string, unknown>>): Outcome {
  let result: unknown
  try {
    result = plan(celEnv({ funcs: strings }), parse(source))(bindings as never)
  } catch {
    return 'error'
  }
  return isCelError(result) ? 'error' : describeTheirs(result)
}

/** Evaluates by the project's own planner, unchecked, with as much budget as it takes. */
export function evaluateByProject(
  source: string,
  bindings: Readonly<Record<string, Value>>,
  budget = 10_000_000,
): Outcome {
  const names = Object.keys(bindings)
  const declarations: Declarations = Object.fromEntries(
    names.map((name) => [name, { type: 'dyn', summary: '' }]),
  )
  const accessors = Object.fromEntries(names.map((name) => [name, () => bindings[name]]))
  try {
    const node = parseExpression(source)
    const evaluate = planNode(node, { declarations, accessors, scope: [], plan: planNode })
    const result = evaluate(new Frame(undefined, budget, slotCount(node)))
    return result instanceof Failure ? 'error' : describeOurs(result)
  } catch (error) {
    if (error instanceof PredicateSyntaxError || error instanceof EvaluationStopped) return 'error'
    throw error
  }
}

/** A value of the project's evaluator as text. */
export function describeOurs(value: Value): Outcome {
  if (isList(value)) return `[${value.map(describeOurs).join(', ')}]`
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  if (value instanceof Double) return describeDouble(value.value)
  if (value instanceof Uint) return `uint ${value.value}`
  if (value instanceof Timestamp) return `timestamp ${value.nanos}`
  if (value instanceof Duration) return `duration ${value.nanos}`
  if (value instanceof TypeName) return `type ${value.name}`
  if (isMap(value)) {
    const entries = Array.from(mapKeys(value), (key) => {
      const found = mapGet(value, lookupKeyOf(key) as string)
      return `${describeOurs(key)}: ${describeOurs(found as Value)}`
    })
    return describeEntries(entries)
  }
  if (kindOf(value) === 'double') return describeDouble(value as number)
  if (kindOf(value) === 'int') return `int ${value as number}`
  return JSON.stringify(value)
}

function describeTheirs(value: unknown): Outcome {
  switch (typeof value) {
    case 'bigint':
      return `int ${value}`
    case 'number':
      return describeDouble(value)
    case 'object':
      return value === null ? 'null' : describeTheirObject(value)
    default:
      return JSON.stringify(value)
  }
}

function describeTheirObject(value: object): Outcome {
  if (isCelUint(value)) return `uint ${value.value}`
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  if (isCelType(value)) return `type ${value.name}`
  if (isCelList(value)) return `[${Array.from(value, describeTheirs).join(', ')}]`
  if (isCelMap(value)) {
    return describeEntries(
      Array.from(value, ([key, held]) => `${describeTheirs(key)}: ${describeTheirs(held)}`),
    )
  }
  // What a binding or a function hands over as a message is wrapped for reflection.
  const message = 'message' in value ? value.message : value
  if (isMessage(message, TimestampSchema))
    return `timestamp ${message.seconds * NANOS + BigInt(message.nanos)}`
  if (isMessage(message, DurationSchema)) return `duration ${message.seconds * NANOS + BigInt(message.nanos)}`
  return isMessage(message)
    ? `message ${message.$typeName}`
    : `unknown ${Object.prototype.toString.call(value)}`
}

function describeDouble(value: number): Outcome {
  return `double ${Object.is(value, -0) ? '-0' : value}`
}

function describeEntries(entries: readonly string[]): Outcome {
  return `{${entries.toSorted().join(', ')}}`
}
