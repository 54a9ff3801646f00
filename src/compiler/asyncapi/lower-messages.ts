import { posix } from 'node:path'

import { appendPointer, isObject, isRemoteDocument } from '../../domain/index.ts'
import { checkMembers, type ObjectPlace } from './check-members.ts'
import { entriesOf, faultAt, withTraits, type Lowering } from './lowering.ts'

const SCHEMA_FORMAT =
  /^application\/(?:vnd\.aai\.asyncapi|schema|vnd\.oai\.openapi)(?:\+(?:json|yaml))?(?:;version=[\w.-]+)?$/

/** A message that a channel carries: its media type, and a reference to its schema where it has one. */
export interface LoweredMessage {
  readonly contentType: string
  readonly schema: Readonly<Record<string, unknown>> | undefined
  readonly bindings: unknown
}

/** The messages of an operation: those that it lists, else all of its channel. */
export function lowerMessages(
  lowering: Lowering,
  operation: ObjectPlace,
  channel: ObjectPlace,
): readonly LoweredMessage[] {
  const ofChannel = entriesOf(lowering, channel, 'messages').map(([, message]) => message)
  const listed = operation.value['messages']
  if (!Array.isArray(listed)) return ofChannel.map((message) => lowerMessage(lowering, message))
  const chosen = entriesOf(lowering, operation, 'messages')
  if (chosen.length === 0 && listed.length > 0) {
    lowering.report(
      faultAt(
        operation,
        'messages',
        'No message that is listed is there',
        'Refer to messages of the channel.',
      ),
    )
  }
  return chosen.map(([index, message]) => {
    if (!ofChannel.some(({ value }) => value === message.value)) {
      const at = {
        document: operation.document,
        pointer: appendPointer(`${operation.pointer}/messages`, index),
      }
      const text = 'The message is not one of the channel of the operation'
      lowering.report({ at, message: text, hint: 'Refer to a member of `messages` of the channel.' })
    }
    return lowerMessage(lowering, message)
  })
}

function lowerMessage(lowering: Lowering, message: ObjectPlace): LoweredMessage {
  const { report, root } = lowering
  checkMembers(message, 'message', [], report)
  const { value } = withTraits(lowering, message)
  const fallback = isObject(root.root) ? root.root['defaultContentType'] : undefined
  const contentType = value['contentType'] ?? fallback ?? 'application/json'
  const schema = value['payload'] === undefined ? undefined : payloadSchema(lowering, message)
  return {
    contentType: typeof contentType === 'string' ? contentType : '',
    schema,
    bindings: value['bindings'],
  }
}

function payloadSchema({ root, report }: Lowering, message: ObjectPlace): Readonly<Record<string, unknown>> {
  const payload = message.value['payload']
  const pointer = appendPointer(message.pointer, 'payload')
  const isMulti = isObject(payload) && typeof payload['schemaFormat'] === 'string'
  if (!isMulti) return { $ref: referenceTo(root.path, message.document.path, pointer) }
  const format = String(payload['schemaFormat']).replaceAll(/\s/g, '')
  if (!SCHEMA_FORMAT.test(format)) {
    const text = `Payloads of the format ${JSON.stringify(format.slice(0, 80))} cannot be validated`
    const hint = 'Describe the payload by JSON Schema; Avro, Protobuf and RAML are not supported.'
    report({ at: { document: message.document, pointer: `${pointer}/schemaFormat` }, message: text, hint })
  }
  return { $ref: referenceTo(root.path, message.document.path, `${pointer}/schema`) }
}

/** A reference by RFC 3986 §4.2 from a file of a project to a place in another document. */
export function referenceTo(from: string, to: string, pointer: string): string {
  const fragment = `#${encodeURI(pointer)}`
  if (from === to) return fragment
  if (isRemoteDocument(to)) return `${to}${fragment}`
  const path = posix.relative(posix.dirname(from), to)
  return `./${path.split('/').map(encodeURIComponent).join('/')}${fragment}`
}
