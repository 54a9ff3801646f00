import { isObject, nounOf } from '../domain/index.ts'
import { unknownKeys } from './faults.ts'
import type { Fault } from './manifest-document.ts'

type Tokens = Fault['at']

/** What a member can be. */
export interface Kind<T> {
  /** Behind "not", e.g. `a whole number from 0 up`. */
  readonly what: string
  readonly hint: string
  /** The value read, or undefined where it is none of this kind. */
  readonly accept: (value: unknown) => T | undefined
  /** What is written there may be a secret, and is not repeated in a message. */
  readonly isSecret?: boolean
}

/** The members of one object of a file. What does not fit is listed as a fault and read as undefined. */
export interface Members {
  readonly optional: <T>(key: string, kind: Kind<T>) => T | undefined
  readonly required: <T>(key: string, kind: Kind<T>) => T | undefined
  /** An object within, whose members are listed; undefined where there is none. */
  readonly object: (key: string, known: readonly string[], hint: string) => Members | undefined
  readonly has: (key: string) => boolean
  readonly fault: (key: string | undefined, message: string, hint: string) => void
}

/** Opens an object for reading; keys other than those known are faults. */
export function openMembers(
  value: Readonly<Record<string, unknown>>,
  at: readonly (string | number)[],
  { known, faults }: { readonly known: readonly string[]; readonly faults: Fault[] },
): Members {
  for (const {
    at: [key = ''],
    ...fault
  } of unknownKeys([], value, known)) {
    faults.push({ at: [...at, key], ...fault })
  }
  const has = (key: string) => Object.hasOwn(value, key)
  const optional = <T>(key: string, kind: Kind<T>) =>
    has(key) ? readMember(value[key], { key, kind, at, faults }) : undefined
  return {
    has,
    optional,
    required: (key, kind) => {
      if (has(key)) return optional(key, kind)
      faults.push({ at, message: `The key \`${key}\` is missing`, hint: kind.hint })
      return undefined
    },
    object: (key, knownInside, hint) => {
      if (!has(key)) return undefined
      const inside = value[key]
      if (isObject(inside)) return openMembers(inside, [...at, key], { known: knownInside, faults })
      faults.push({ at: [...at, key], message: `\`${key}\` is ${kindOf(inside)}, not an object`, hint })
      return undefined
    },
    fault: (key, message, hint) =>
      void faults.push({ at: key === undefined ? at : [...at, key], message, hint }),
  }
}

function readMember<T>(
  value: unknown,
  { key, kind, at, faults }: { key: string; kind: Kind<T>; at: Tokens; faults: Fault[] },
): T | undefined {
  const accepted = kind.accept(value)
  if (accepted !== undefined) return accepted
  const found = kind.isSecret === true ? kindOf(value) : nounOf(value)
  faults.push({ at: [...at, key], message: `\`${key}\` is ${found}, not ${kind.what}`, hint: kind.hint })
  return undefined
}

/** What a value is, without repeating it. */
function kindOf(value: unknown): string {
  if (value === null || Array.isArray(value) || isObject(value)) return nounOf(value)
  return `a ${typeof value}`
}
