import { appendPointer, didYouMean, isObject } from '../../domain/index.ts'
import type { Resolved } from '../document/index.ts'
import type { AsyncapiFault, ReportAsyncapiFault } from './asyncapi-fault.ts'

export interface ObjectPlace extends Omit<Resolved, 'value'> {
  readonly value: Readonly<Record<string, unknown>>
}

type Kind = 'text' | 'object' | 'list' | 'address'

/** The members of the objects of AsyncAPI 3.0 that are read, each with the kind of its value. */
const MEMBERS = {
  root: {
    asyncapi: 'text',
    id: 'text',
    info: 'object',
    servers: 'object',
    defaultContentType: 'text',
    channels: 'object',
    operations: 'object',
    components: 'object',
  },
  info: {
    title: 'text',
    version: 'text',
    description: 'text',
    termsOfService: 'text',
    contact: 'object',
    license: 'object',
    tags: 'list',
    externalDocs: 'object',
  },
  channel: {
    address: 'address',
    messages: 'object',
    title: 'text',
    summary: 'text',
    description: 'text',
    servers: 'list',
    parameters: 'object',
    tags: 'list',
    externalDocs: 'object',
    bindings: 'object',
  },
  parameter: {
    enum: 'list',
    default: 'text',
    description: 'text',
    examples: 'list',
    location: 'text',
  },
  /** Of AsyncAPI 2. */
  'parameter with a schema': { schema: 'object', description: 'text', location: 'text' },
  operation: {
    action: 'text',
    channel: 'object',
    title: 'text',
    summary: 'text',
    description: 'text',
    security: 'list',
    tags: 'list',
    externalDocs: 'object',
    bindings: 'object',
    traits: 'list',
    messages: 'list',
    reply: 'object',
  },
  message: {
    headers: undefined,
    payload: undefined,
    correlationId: 'object',
    contentType: 'text',
    name: 'text',
    title: 'text',
    summary: 'text',
    description: 'text',
    tags: 'list',
    externalDocs: 'object',
    bindings: 'object',
    examples: 'list',
    traits: 'list',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Kind | undefined>>>>

const NOUNS: Readonly<Record<Kind, string>> = {
  text: 'a text',
  object: 'an object',
  list: 'a list',
  address: 'a text or null',
}

/** Reports members that an object of AsyncAPI does not have, that it must have, or that are of another kind. */
export function checkMembers(
  { document, pointer, value }: ObjectPlace,
  type: keyof typeof MEMBERS,
  required: readonly string[],
  report: ReportAsyncapiFault,
): void {
  const members: Readonly<Record<string, Kind | undefined>> = MEMBERS[type]
  const fault = (key: string, message: string, hint: string, part: AsyncapiFault['part'] = 'value') =>
    report({ at: { document, pointer: appendPointer(pointer, key) }, part, message, hint })
  for (const [key, member] of Object.entries(value)) {
    if (key.startsWith('x-')) continue
    if (!Object.hasOwn(members, key)) {
      const hint = didYouMean(key, Object.keys(members), `Remove it, or begin its name with \`x-\`.`)
      fault(key, `\`${key}\` is unknown in ${nounOf(type)}`, hint, 'key')
      continue
    }
    const kind = members[key]
    if (kind !== undefined && !isKind(member, kind))
      fault(key, `\`${key}\` is not ${NOUNS[kind]}`, `Write ${NOUNS[kind]}.`)
  }
  for (const key of required) {
    if (!Object.hasOwn(value, key)) fault(key, `\`${key}\` is missing in ${nounOf(type)}`, 'Add it.')
  }
}

function nounOf(type: keyof typeof MEMBERS): string {
  if (type === 'root') return 'the description'
  if (type === 'info') return '`info`'
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`
}

function isKind(value: unknown, kind: Kind): boolean {
  if (kind === 'object') return isObject(value)
  if (kind === 'list') return Array.isArray(value)
  return typeof value === 'string' || (kind === 'address' && value === null)
}
