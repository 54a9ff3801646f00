import type { ExitCode } from './exit-code.ts'
import type { Finding } from './finding.ts'
import type { JsonObject } from './json.ts'
import type { Location } from './location.ts'

export type ProblemCode = `BCN_${string}`

/** An error a user can act on: stable code, what happened, what to do, where. */
export interface Problem {
  readonly code: ProblemCode
  readonly message: string
  readonly hint: string
  readonly exit: ExitCode
  readonly at?: Location
  readonly detail?: JsonObject
  /** The findings that stopped the work, where a document is at fault. */
  readonly findings?: readonly Finding[]
}

export interface ProblemContext {
  readonly at?: Location
  readonly detail?: JsonObject
  readonly findings?: readonly Finding[]
  readonly cause?: unknown
}

const PROBLEM = Symbol.for('barbacane.problem')

/** Carries a {@link Problem} through the stack; recognised across copies of this module by a registered symbol. */
export class ProblemError extends Error {
  readonly [PROBLEM] = true
  readonly problem: Problem

  constructor(problem: Problem, cause?: unknown) {
    super(problem.message, cause === undefined ? undefined : { cause })
    this.name = problem.code
    this.problem = problem
  }
}

/** True for a {@link ProblemError}, also one made by another copy of this module. */
export function isProblemError(error: unknown): error is ProblemError {
  return typeof error === 'object' && error !== null && PROBLEM in error
}

export interface ProblemDefinition<Parameters> {
  readonly exit: ExitCode
  readonly message: (parameters: Parameters) => string
  readonly hint: string | ((parameters: Parameters) => string)
}

type Definitions = Record<ProblemCode, ProblemDefinition<never>>
type ParametersOf<D> = D extends { readonly message: (parameters: infer P) => string } ? P : never

export type Catalogue<D extends Definitions> = {
  readonly [Code in keyof D]: (parameters: ParametersOf<D[Code]>, context?: ProblemContext) => ProblemError
} & { readonly [Symbol.iterator]: () => Iterator<ProblemCode> }

/**
 * Makes the error constructors of one module from its table of codes:
 * `throw problems.BCN_SPEC_NOT_FOUND({ path })`. Iterating a catalogue yields its codes.
 */
export function catalogue<const D extends Definitions>(definitions: D): Catalogue<D> {
  const codes = Object.keys(definitions) as (ProblemCode & keyof D)[]
  const makers = codes.map((code) => [code, makerOf(code, definitions[code] as ProblemDefinition<unknown>)])
  return Object.assign(Object.fromEntries(makers), {
    [Symbol.iterator]: () => codes.values(),
  }) as Catalogue<D>
}

function makerOf(code: ProblemCode, definition: ProblemDefinition<unknown>) {
  return (parameters: unknown, { cause, ...rest }: ProblemContext = {}): ProblemError => {
    const hint = typeof definition.hint === 'string' ? definition.hint : definition.hint(parameters)
    return new ProblemError(
      { code, message: definition.message(parameters), hint, exit: definition.exit, ...rest },
      cause,
    )
  }
}
