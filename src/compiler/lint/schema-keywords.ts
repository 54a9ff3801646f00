import { isObject } from '../../domain/index.ts'
import { patternFault } from '../pattern/index.ts'

/** Says what the value of a keyword has to be, where it is not that. */
type Check = (value: unknown) => string | undefined

/** The types of JSON Schema. */
export const schemaTypes: readonly string[] = [
  'array',
  'boolean',
  'integer',
  'null',
  'number',
  'object',
  'string',
]

const isSchema = (value: unknown): boolean => isObject(value) || typeof value === 'boolean'
const isText = (value: unknown): value is string => typeof value === 'string'
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0
const areDistinctTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every(isText) && new Set(value).size === value.length

const must =
  (what: string, holds: (value: unknown) => boolean): Check =>
  (value) =>
    holds(value) ? undefined : what

const schema = must('a schema', isSchema)
const schemas = must(
  'a list of schemas with one at least',
  (value) => Array.isArray(value) && value.length > 0 && value.every(isSchema),
)
const schemaMap = must(
  'an object of schemas',
  (value) => isObject(value) && Object.values(value).every(isSchema),
)
const count = must('a whole number from 0 on', isCount)
const number = must('a number', (value) => typeof value === 'number')
const flag = must('true or false', (value) => isFlag(value))
const text = must('a text', isText)
const list = must('a list', Array.isArray)
const object = must('an object', isObject)
const names = must('a list of names, each once', areDistinctTexts)

function each(keywords: string, check: Check): readonly (readonly [string, Check])[] {
  return keywords.split(' ').map((keyword) => [keyword, check])
}

const isFlag = (value: unknown): boolean => typeof value === 'boolean'

function typeCheck(value: unknown): string | undefined {
  if (isText(value) && schemaTypes.includes(value)) return undefined
  const types: readonly unknown[] = Array.isArray(value) ? value : []
  const isSound = types.length > 0 && new Set(types).size === types.length
  return isSound && types.every((type) => isText(type) && schemaTypes.includes(type))
    ? undefined
    : `one of ${schemaTypes.join(', ')}, or a list of them`
}

function patternCheck(value: unknown): string | undefined {
  const fault = isText(value) ? patternFault(value) : ''
  if (fault === undefined) return undefined
  return `a regular expression of ECMAScript${fault === '' ? '' : `: ${fault}`}`
}

/** The keywords of JSON Schema 2020-12, and of the Schema Object of OpenAPI 3.1 and 3.2, with what they may hold. */
export const schemaKeywords: ReadonlyMap<string, Check> = new Map([
  ['type', typeCheck],
  ...each('items additionalProperties not if then else contains propertyNames contentSchema', schema),
  ...each('unevaluatedItems unevaluatedProperties', schema),
  ...each('allOf anyOf oneOf prefixItems', schemas),
  ...each('properties $defs definitions dependentSchemas', schemaMap),
  [
    'patternProperties',
    must('an object of schemas by regular expressions', (value) => {
      return (
        isObject(value) &&
        Object.values(value).every(isSchema) &&
        Object.keys(value).every((key) => patternFault(key) === undefined)
      )
    }),
  ],
  ['pattern', patternCheck],
  ...each('maxLength minLength maxItems minItems maxProperties minProperties', count),
  ...each('maxContains minContains', count),
  ...each('maximum minimum exclusiveMaximum exclusiveMinimum', number),
  ['multipleOf', must('a number above 0', (value) => typeof value === 'number' && value > 0)],
  ['required', names],
  [
    'dependentRequired',
    must('an object of lists of names', (value) => {
      return isObject(value) && Object.values(value).every(areDistinctTexts)
    }),
  ],
  ...each('uniqueItems readOnly writeOnly deprecated', flag),
  ...each('enum examples', list),
  ...each('format title description contentEncoding contentMediaType', text),
  ...each('$ref $dynamicRef $id $anchor $dynamicAnchor $comment $schema', text),
  ...each('discriminator externalDocs xml', object),
  ...each('const default example', () => undefined),
  ['$vocabulary', object],
  ['dependencies', object],
])
