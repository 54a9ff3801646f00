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
const isTextMap = (value: unknown): boolean => isObject(value) && Object.values(value).every(isText)

/** The Schema Object of OpenAPI has objects of its own, which JSON Schema does not look into. */
function shaped(
  what: string,
  { members, required }: { readonly members: Members; readonly required?: string },
): Check {
  return must(what, (value) => {
    if (!isObject(value) || (required !== undefined && !Object.hasOwn(value, required))) return false
    return Object.entries(value).every(
      ([key, member]) => key.startsWith('x-') || members[key]?.(member) === true,
    )
  })
}

type Members = Readonly<Partial<Record<string, (value: unknown) => boolean>>>

/** OpenAPI 3.2 §4.26: `nodeType` stands for `attribute` and `wrapped`, and not beside them. */
function xmlCheck(value: unknown): string | undefined {
  const isBoth = isObject(value) && 'nodeType' in value && ('attribute' in value || 'wrapped' in value)
  return isBoth ? 'one with `nodeType`, or with `attribute` and `wrapped`' : xmlShape(value)
}

const xmlShape = shaped('an object with `name`, `namespace`, `prefix` and the kind of node', {
  members: {
    name: isText,
    namespace: isText,
    prefix: isText,
    attribute: isFlag,
    wrapped: isFlag,
    nodeType: (value) => isText(value) && ['element', 'attribute', 'text', 'cdata', 'none'].includes(value),
  },
})

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
  [
    'discriminator',
    shaped('an object with `propertyName`, `mapping` and `defaultMapping`', {
      members: { propertyName: isText, mapping: isTextMap, defaultMapping: isText },
      required: 'propertyName',
    }),
  ],
  [
    'externalDocs',
    shaped('an object with `url` and `description`', {
      members: { url: isText, description: isText },
      required: 'url',
    }),
  ],
  ['xml', xmlCheck],
  ...each('const default example', () => undefined),
  ['$vocabulary', object],
  ['dependencies', object],
])
