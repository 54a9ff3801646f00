import {
  resolvePointer,
  schemaDialect,
  type JsonObject,
  type JsonSchema,
  type JsonValue,
} from '../../../domain/index.ts'
import type { MakePattern } from '../make-pattern.ts'
import type { Validate } from '../validate.ts'
import { partsOf, unevaluatedParts, type Apply } from './applicators.ts'
import { assertionsOf } from './assertions.ts'
import { Gathering, type Evaluate, type Outcome, type Run } from './evaluation.ts'
import { always, inPlaceParts } from './in-place.ts'

export { assertionOf } from './assertions.ts'

/**
 * Judges values by a self-contained schema as JSON Schema 2020-12 says, all annotations kept. It follows the schema
 * without making code of it, and looks at no part of a value twice by what one reference leads to: its time grows with
 * the product of both sizes at most.
 */
export function createExactValidate(
  schema: JsonSchema,
  makePattern: MakePattern = schemaDialect.code.regExp,
): Validate {
  const targets = new Map<string, Evaluate>()
  const compile = (part: JsonValue): Evaluate => {
    if (typeof part === 'boolean') return part ? () => NOTHING : refuseAll
    const parts = [...(typeof part === 'object' && part !== null ? applied(part as JsonObject) : [])]
    return (value, way, run) => {
      const gathering = new Gathering(way)
      for (const apply of parts) apply(value, gathering, run)
      return gathering
    }
  }
  const applied = (part: JsonObject): readonly Apply[] => [
    ...(typeof part['$ref'] === 'string' ? [always(follow(part['$ref']))] : []),
    ...assertionsOf(part, makePattern).map((assert): Apply => {
      return (value, gathering) => {
        const reason = assert(value)
        if (reason !== undefined) gathering.refuse(reason)
      }
    }),
    ...partsOf(part, compile, makePattern),
    ...inPlaceParts(part, compile),
    ...unevaluatedParts(part, compile),
  ]
  /** Made at its first use: a schema may refer to itself. */
  const follow = (ref: string): Evaluate => {
    let target = targets.get(ref)
    if (target !== undefined) return target
    let evaluate: Evaluate | undefined
    target = remembering((value, way, run) => {
      evaluate ??= compile(resolvePointer(schema, decodeURIComponent(ref.slice(1))) as JsonValue)
      return evaluate(value, way, run)
    })
    targets.set(ref, target)
    return target
  }
  const evaluate = compile(schema)
  return (value) => {
    const { faults } = evaluate(value, undefined, { known: new Map() })
    return faults.length === 0 ? undefined : faults
  }
}

const NOTHING: Outcome = { faults: [], members: new Set(), items: new Set() }

const refuseAll: Evaluate = (_, way) => {
  const gathering = new Gathering(way)
  gathering.refuse('must not be there')
  return gathering
}

function remembering(evaluate: Evaluate): Evaluate {
  const remembered: Evaluate = (value, way, run: Run) => {
    if (typeof value !== 'object' || value === null) return evaluate(value, way, run)
    const outcomes = run.known.get(remembered) ?? new Map<object, Outcome>()
    run.known.set(remembered, outcomes)
    const known = outcomes.get(value) ?? evaluate(value, way, run)
    outcomes.set(value, known)
    return known
  }
  return remembered
}
