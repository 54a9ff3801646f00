import { appendPointer, didYouMean, isObject, nounOf } from '../../domain/index.ts'

/** Something wrong within the value of a keyword; the pointer begins at that value. */
interface MemberFault {
  readonly pointer: string
  readonly message: string
  readonly hint: string
}

type MemberType = 'text' | 'flag' | 'texts' | 'node' | 'iri'

interface KeywordObject {
  readonly required?: string
  readonly members: Readonly<Record<string, MemberType>>
  /** Members that OpenAPI 3.2 has added. */
  readonly new32?: Readonly<Record<string, MemberType>>
}

/** The objects that OpenAPI puts into schemas, and that JSON Schema does not look into: 3.1 §4.8.11, §4.8.25 and §4.8.26. */
const KEYWORDS: ReadonlyMap<string, KeywordObject> = new Map(
  Object.entries({
    discriminator: {
      required: 'propertyName',
      members: { propertyName: 'text', mapping: 'texts' },
      new32: { defaultMapping: 'text' },
    },
    externalDocs: { required: 'url', members: { url: 'text', description: 'text' } },
    xml: {
      members: { name: 'text', namespace: 'iri', prefix: 'text', attribute: 'flag', wrapped: 'flag' },
      new32: { nodeType: 'node' },
    },
  } satisfies Record<string, KeywordObject>),
)

/** RFC 3987 §2.2, as far as it says that it is not relative. */
const IRI = /^[a-z][-+.\da-z]*:\S+$/i

const NODES: readonly unknown[] = ['element', 'attribute', 'text', 'cdata', 'none']

/** True for the keywords that {@link memberFaults} looks into. */
export function hasMembers(keyword: string): boolean {
  return KEYWORDS.has(keyword)
}

/** What is wrong with the members of `discriminator`, `externalDocs` or `xml`; nothing of other keywords. */
export function memberFaults(keyword: string, value: unknown, knows32: boolean): readonly MemberFault[] {
  const known = KEYWORDS.get(keyword)
  if (known === undefined || !isObject(value)) return []
  const members = knows32 ? { ...known.members, ...known.new32 } : known.members
  const faults = Object.entries(value).flatMap(([name, member]): readonly MemberFault[] => {
    if (name.startsWith('x-')) return []
    const type = Object.hasOwn(members, name) ? members[name] : undefined
    const pointer = appendPointer('', name)
    if (type !== undefined) return valueFaults(name, { pointer, value: member, type })
    const version = Object.hasOwn(known.new32 ?? {}, name) ? ' before OpenAPI 3.2' : ''
    const message = `\`${keyword}\` has no member \`${name}\`${version}`
    const hint = didYouMean(name, Object.keys(members), 'Remove it, or begin its name with `x-`.')
    return [{ pointer, message, hint }]
  })
  return [...missing(keyword, value, known), ...faults, ...besideNodeType(value, knows32)]
}

function missing(
  keyword: string,
  value: Readonly<Record<string, unknown>>,
  { required }: KeywordObject,
): readonly MemberFault[] {
  if (required === undefined || Object.hasOwn(value, required)) return []
  return [{ pointer: '', message: `\`${keyword}\` lacks \`${required}\``, hint: `Add \`${required}\`.` }]
}

/** OpenAPI 3.2 §4.26.1: `nodeType` stands for `attribute` and `wrapped`, and not beside them. */
function besideNodeType(value: Readonly<Record<string, unknown>>, knows32: boolean): readonly MemberFault[] {
  if (!knows32 || !Object.hasOwn(value, 'nodeType')) return []
  return ['attribute', 'wrapped']
    .filter((name) => Object.hasOwn(value, name))
    .map((name) => ({
      pointer: `/${name}`,
      message: `\`${name}\` stands beside \`nodeType\`, which takes its place`,
      hint: 'Keep `nodeType` alone.',
    }))
}

interface Given {
  readonly pointer: string
  readonly value: unknown
  readonly type: MemberType
}

function valueFaults(name: string, { pointer, value, type }: Given): readonly MemberFault[] {
  const fault = (what: string) => [
    { pointer, message: `\`${name}\` is ${nounOf(value)}, not ${what}`, hint: `Make it ${what}.` },
  ]
  if (type === 'text') return typeof value === 'string' ? [] : fault('a text')
  if (type === 'flag') return typeof value === 'boolean' ? [] : fault('true or false')
  if (type === 'iri')
    return typeof value === 'string' && IRI.test(value) ? [] : fault('an IRI with its scheme')
  if (type === 'node') return NODES.includes(value) ? [] : fault(`one of ${NODES.join(', ')}`)
  if (!isObject(value)) return fault('an object of texts')
  return Object.entries(value).flatMap(([key, text]) =>
    valueFaults(key, { pointer: appendPointer(pointer, key), value: text, type: 'text' }),
  )
}
