import { appendPointer, type JsonObject, type ParameterLocation } from '../../domain/index.ts'
import type { SchemaFault } from './validate.ts'

/** One entry of `errors` in a `validation-failed` answer (docs/reference/http-errors.md). */
export interface RequestFault extends JsonObject {
  /** `/query/limit`, `/header/X-Tenant`, `/path/id`, `/cookie/session`, `/body/items/0/name`. */
  readonly pointer: string
  readonly in: ParameterLocation | 'body'
  readonly reason: string
}

/** A fault of a parameter, or of a place within its value. */
export function parameterFault(
  parameter: { readonly in: ParameterLocation; readonly name: string },
  reason: string,
  within = '',
): RequestFault {
  const pointer = appendPointer(`/${parameter.in}`, parameter.name) + within
  return { pointer, in: parameter.in, parameter: parameter.name, reason }
}

export function bodyFault({ pointer, reason }: SchemaFault): RequestFault {
  return { pointer: `/body${pointer}`, in: 'body', reason }
}
