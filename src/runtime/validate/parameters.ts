import { type JsonSchema, type Parameter } from '../../domain/index.ts'
import type { Fields } from '../http/index.ts'
import {
  decodeForm,
  decodeNothing,
  decodePercent,
  MalformedEscape,
  type TextDecoding,
} from './decode-text.ts'
import { splitExploded, type RawPair } from './raw-pairs.ts'
import { readContent } from './read-content.ts'
import { readPairs } from './read-pairs.ts'
import { readPathParameter } from './read-path.ts'
import { readText } from './read-text.ts'
import { ABSENT, faultReading, type Reading } from './reading.ts'
import { parameterFault, type RequestFault } from './request-fault.ts'
import { shapeOf, type Shape } from './shape.ts'
import type { Validate } from './validate.ts'
import type { Validators } from './validators.ts'

/** Where the parameters of one request are read from. */
interface ParameterSource {
  /** In the order of the template's parameters, still encoded. */
  readonly captures: readonly string[]
  readonly query: string
  readonly queryPairs: readonly RawPair[]
  readonly cookiePairs: readonly RawPair[]
  readonly headers: Fields
}

export type ParameterCheck = (source: ParameterSource) => readonly RequestFault[]
type Reader = (source: ParameterSource) => Reading

const NO_FAULTS: readonly RequestFault[] = []

/** OpenAPI leaves these headers to other parts of the description. */
const IGNORED_HEADERS: ReadonlySet<string> = new Set(['accept', 'content-type', 'authorization'])

/**
 * Makes the checks of an operation's parameters: presence, style, type and schema. Validators are compiled when a
 * value first needs one.
 */
export function parameterChecks(
  parameters: readonly Parameter[],
  captureNames: readonly string[],
  plan: { readonly schemas: readonly JsonSchema[]; readonly validators: Validators },
): readonly ParameterCheck[] {
  const taken = new Set(parameters.filter((other) => other.in === 'query').map((other) => other.name))
  return parameters
    .filter((parameter) => parameter.in !== 'header' || !IGNORED_HEADERS.has(parameter.name.toLowerCase()))
    .map((parameter) => {
      const shape = shapeOf(parameter.schema === null ? true : plan.schemas[parameter.schema])
      const read = readerOf(parameter, captureNames, shape, taken)
      const { schema } = parameter
      return checkOf(parameter, read, schema === null ? null : () => plan.validators.at(schema))
    })
}

function checkOf(parameter: Parameter, read: Reader, validator: (() => Validate) | null): ParameterCheck {
  return (source) => {
    const reading = readSafely(read, source)
    if (reading.kind === 'absent') {
      return parameter.required ? [parameterFault(parameter, 'is required')] : NO_FAULTS
    }
    if (validator === null) return NO_FAULTS
    if (reading.kind === 'fault') return [parameterFault(parameter, reading.reason)]
    return checkCandidates(parameter, reading.values, validator())
  }
}

function checkCandidates(
  parameter: Parameter,
  values: readonly unknown[],
  validate: Validate,
): readonly RequestFault[] {
  const faults = validate(values[0])
  if (faults === undefined || values.slice(1).some((value) => validate(value) === undefined)) return NO_FAULTS
  return faults.map(({ pointer, reason }) => parameterFault(parameter, reason, pointer))
}

function readSafely(read: Reader, source: ParameterSource): Reading {
  try {
    return read(source)
  } catch (error) {
    if (error instanceof MalformedEscape) return faultReading(error.message)
    throw error
  }
}

function readerOf(
  parameter: Parameter,
  captureNames: readonly string[],
  shape: Shape,
  taken: ReadonlySet<string>,
): Reader {
  switch (parameter.in) {
    case 'path':
      return pathReader(parameter, captureNames.indexOf(parameter.name), shape)
    case 'header':
      return headerReader(parameter, shape)
    case 'cookie':
      return cookieReader(parameter, shape)
    case 'query':
      return queryReader(parameter, shape, taken)
    case 'querystring':
      return ({ query }) =>
        query === '' ? ABSENT : readContent(query, parameter.media_type ?? '', decodeForm, shape)
  }
}

function pathReader(parameter: Parameter, index: number, shape: Shape): Reader {
  const { name, explode, media_type: mediaType } = parameter
  const style = parameter.style === 'label' || parameter.style === 'matrix' ? parameter.style : 'simple'
  const rule = { name, explode, style, shape } as const
  return ({ captures }) => {
    const raw = captures[index]
    if (raw === undefined) return ABSENT
    return mediaType === null
      ? readPathParameter(raw, rule)
      : readContent(raw, mediaType, decodePercent, shape)
  }
}

function headerReader(parameter: Parameter, shape: Shape): Reader {
  const name = parameter.name.toLowerCase()
  const { media_type: mediaType, explode } = parameter
  const grammar = { delimiter: /\s*,\s*/, pairs: explode, decode: decodeNothing }
  return ({ headers }) => {
    if (!headers.has(name)) return ABSENT
    const raw = headers.values(name).join(', ')
    return mediaType === null
      ? readText(raw, grammar, shape)
      : readContent(raw, mediaType, decodeNothing, shape)
  }
}

function cookieReader(parameter: Parameter, shape: Shape): Reader {
  const decode = parameter.style === 'cookie' ? decodeNothing : decodePercent
  const spread = parameter.style !== 'cookie' && parameter.explode
  const read = pairReader(parameter, { decode, shape, taken: new Set() })
  return ({ cookiePairs }) => read(spread ? splitExploded(cookiePairs) : cookiePairs)
}

function queryReader(parameter: Parameter, shape: Shape, taken: ReadonlySet<string>): Reader {
  // Where reserved characters may stand unescaped, a plus sign is one of them.
  const decode = parameter.allow_reserved ? decodePercent : decodeForm
  const read = pairReader(parameter, { decode, shape, taken })
  return ({ queryPairs }) => read(queryPairs)
}

function pairReader(
  parameter: Parameter,
  rule: { decode: TextDecoding; shape: Shape; taken: ReadonlySet<string> },
): (pairs: readonly RawPair[]) => Reading {
  const { name, style, explode, media_type: mediaType } = parameter
  if (mediaType === null) return (pairs) => readPairs(pairs, { name, style, explode, ...rule })
  return (pairs) => {
    const own = pairs.filter((pair) => pair.name === name)
    if (own.length > 1) return faultReading('is given more than once')
    return own[0] === undefined ? ABSENT : readContent(own[0].raw, mediaType, rule.decode, rule.shape)
  }
}
