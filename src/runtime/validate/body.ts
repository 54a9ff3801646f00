import { isUtf8 } from 'node:buffer'

import type { BodyContent, JsonSchema, RequestBody } from '../../domain/index.ts'
import type { Fields } from '../http/index.ts'
import { acceptJson, type AcceptBytes } from './accept/index.ts'
import { MalformedEscape } from './decode-text.ts'
import { charsetOf, covers, essenceOf, FORM_TYPE, isJsonType } from './media-type.ts'
import { splitQuery } from './raw-pairs.ts'
import { readJson } from './read-json.ts'
import { readFormObject } from './read-form.ts'
import { faultReading, type Reading } from './reading.ts'
import { bodyFault, type RequestFault } from './request-fault.ts'
import { shapeOf, type Shape } from './shape.ts'
import type { Validators } from './validators.ts'

/** Checks the bytes of a body. */
export type BodyCheck = (body: Buffer) => readonly RequestFault[]

/** Chooses the check for a request by its headers; a text says why the media type is not supported. */
export type BodyRule = (headers: Fields) => BodyCheck | string

const NO_FAULTS: readonly RequestFault[] = []
/** The check of a body that may be anything. */
export const acceptBody: BodyCheck = () => NO_FAULTS

/** Makes the rule of an operation's request body. JSON and form bodies are validated, others pass as they are. */
export function bodyRule(
  body: RequestBody,
  plan: { readonly schemas: readonly JsonSchema[]; readonly validators: Validators },
): BodyRule {
  const contents = body.content
    .toSorted((a, b) => specificity(b.media_range) - specificity(a.media_range))
    .map((content) => ({ range: content.media_range, checks: checksOf(content, plan) }))
  const choose = (contentType: string): BodyCheck | string => {
    const essence = essenceOf(contentType)
    if (essence === undefined) return 'The Content-Type is not a media type'
    const found = contents.find(({ range }) => covers(range, essence))
    if (found === undefined) return `${essence} is not accepted here`
    const check = isJsonType(essence)
      ? found.checks.json
      : essence === FORM_TYPE
        ? found.checks.form
        : acceptBody
    return check === acceptBody || isUnicode(contentType) ? check : 'The charset must be UTF-8'
  }
  // Whoever calls an operation mostly says the same.
  let last = 'application/octet-stream'
  let chosen = choose(last)
  return (headers) => {
    const types = headers.values('content-type')
    if (types.length > 1) return 'The Content-Type is given more than once'
    const contentType = types[0] ?? 'application/octet-stream'
    if (contentType !== last) {
      chosen = choose(contentType)
      last = contentType
    }
    return chosen === acceptBody || typeof chosen === 'string' ? chosen : (compressed(headers) ?? chosen)
  }
}

/** True where a body of this operation must be there. */
export function missingBody(body: RequestBody): readonly RequestFault[] {
  return body.required ? [bodyFault({ pointer: '', reason: 'is required' })] : NO_FAULTS
}

function specificity(range: string): number {
  return range === '*/*' ? 0 : range.endsWith('/*') ? 1 : 2
}

/** What is compressed would reach the upstream unchecked, as would what is in another charset. */
function compressed(headers: Fields): string | undefined {
  const encoding = headers.get('content-encoding')?.toLowerCase() ?? 'identity'
  return encoding === 'identity' ? undefined : 'A body with a Content-Encoding is not accepted here'
}

/** True where the charset of a Content-Type is UTF-8 or a part of it; UTF-8 where it names none. */
export function isUnicode(contentType: string): boolean {
  return ['utf-8', 'utf8', 'us-ascii'].includes(charsetOf(contentType) ?? 'utf-8')
}

/** Makes the check of a JSON body by a schema of the plan. */
export function jsonCheck(
  schema: number | null,
  plan: { readonly schemas: readonly JsonSchema[]; readonly validators: Validators },
): BodyCheck {
  return checksOf({ media_range: '', schema, encoding: {} }, plan).json
}

function checksOf(
  { schema: index, encoding }: BodyContent,
  { schemas, validators }: { readonly schemas: readonly JsonSchema[]; readonly validators: Validators },
): { readonly json: BodyCheck; readonly form: BodyCheck } {
  let shape: Shape | undefined
  const schema = index === null ? true : (schemas[index] as JsonSchema)
  const judge = (reading: Reading): readonly RequestFault[] => {
    if (reading.kind === 'fault') return [bodyFault({ pointer: '', reason: reading.reason })]
    if (index === null || reading.kind === 'absent') return NO_FAULTS
    return validators.at(index)(reading.values[0])?.map(bodyFault) ?? NO_FAULTS
  }
  let accept: AcceptBytes | undefined
  return {
    json: (body) => {
      accept ??= index === null ? acceptJson : validators.acceptAt(index)
      return accept(body) ? NO_FAULTS : judge(readUtf8(body, readJson))
    },
    form: (body) =>
      judge(
        readUtf8(body, (text) => readFormObject(splitQuery(text), encoding, (shape ??= shapeOf(schema)))),
      ),
  }
}

function readUtf8(body: Buffer, read: (text: string) => Reading): Reading {
  if (!isUtf8(body)) return faultReading('is not UTF-8')
  try {
    return read(body.toString())
  } catch (error) {
    if (error instanceof MalformedEscape) return faultReading(error.message)
    throw error
  }
}
