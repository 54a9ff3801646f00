import { appendPointer, isObject } from '../../domain/index.ts'
import { growTree, pathItemMethods, type Origin, type TreeNode } from '../document/index.ts'
import { checkMembers, type ObjectPlace } from './check-members.ts'
import { lowerMessages, referenceTo, type LoweredMessage } from './lower-messages.ts'
import { isAsyncapi2 } from './upgrade-asyncapi.ts'
import { entriesOf, faultAt, memberOf, withTraits, type Lowering } from './lowering.ts'

/** An operation as OpenAPI would write it. */
export interface LoweredOperation {
  readonly path: string
  /** Lower case. */
  readonly method: string
  readonly tree: TreeNode
  /** Where the address of the channel is written. */
  readonly address: Origin
}

const QUEUES: Readonly<Record<string, readonly string[]>> = {
  kafka: ['kafka', 'kafka-secure'],
  nats: ['nats'],
}

/** Makes a route of an operation; undefined where its faults leave none. */
export function lowerOperation(
  lowering: Lowering,
  id: string,
  operation: ObjectPlace,
): LoweredOperation | undefined {
  const { report } = lowering
  checkMembers(operation, 'operation', ['action', 'channel'], report)
  const { value } = withTraits(lowering, operation)
  const { action } = operation.value
  if (action !== undefined && action !== 'send' && action !== 'receive') {
    report(
      faultAt(operation, 'action', `The action is ${JSON.stringify(action)}`, 'Write `send` or `receive`.'),
    )
  }
  const channel = channelOf(lowering, operation)
  const address = channel === undefined ? undefined : addressOf(lowering, channel)
  if (channel === undefined || address === undefined) return undefined
  checkDispatcher(lowering, operation, channel)
  const messages = lowerMessages(lowering, operation, channel)
  const origin: Origin = { document: operation.document, pointer: operation.pointer }
  const content = new Map<string, TreeNode>()
  const tree: TreeNode = { content, origin }
  // Each member stays where it is written; what traits add is located at the operation.
  for (const [key, member] of Object.entries(value)) {
    if (!key.startsWith('x-')) continue
    const isOwn = Object.hasOwn(operation.value, key)
    content.set(
      key,
      growTree(member, isOwn ? { ...origin, pointer: appendPointer(origin.pointer, key) } : origin),
    )
  }
  const add = (key: string, member: unknown, at: Origin = origin) => content.set(key, growTree(member, at))
  add('operationId', id)
  const parameters = parametersOf(lowering, channel, address)
  add('parameters', parameters, {
    document: channel.document,
    pointer: appendPointer(channel.pointer, 'parameters'),
  })
  if (action === 'send' && messages.length > 0) add('requestBody', bodyOf(messages))
  const security = securityOf(lowering, operation)
  if (security !== undefined)
    add('security', security, { ...origin, pointer: appendPointer(origin.pointer, 'security') })
  add('bindings', bindingsOf(lowering, operation, { channel, value, messages }))
  return {
    path: address.startsWith('/') ? address : `/${address}`,
    method: action === 'receive' ? 'get' : methodOf(lowering, operation, value),
    tree,
    address: { document: channel.document, pointer: appendPointer(channel.pointer, 'address') },
  }
}

function channelOf(lowering: Lowering, operation: ObjectPlace): ObjectPlace | undefined {
  const { report, root } = lowering
  const channel = memberOf(lowering, operation, 'channel')
  if (channel === undefined) return undefined
  const whole: ObjectPlace = { document: root, pointer: '', value: isObject(root.root) ? root.root : {} }
  if (!entriesOf(lowering, whole, 'channels').some(([, { value }]) => value === channel.value)) {
    const message = 'The channel of the operation is not one of `channels`'
    report(faultAt(operation, 'channel', message, "Write `channel: { $ref: '#/channels/…' }`."))
  }
  return channel
}

function addressOf({ report }: Lowering, channel: ObjectPlace): string | undefined {
  const { address } = channel.value
  if (typeof address === 'string' && address !== '') return address
  const hint = 'Write the address that the gateway serves, e.g. `address: /orders/{orderId}`.'
  report(faultAt(channel, 'address', 'The channel has no address, so that no path leads to it', hint))
  return undefined
}

function parametersOf(lowering: Lowering, channel: ObjectPlace, address: string): readonly unknown[] {
  const names = [...address.matchAll(/\{([^{}]*?)\+?\}/g)].map(([, name = '']) => name)
  const declared = new Map(entriesOf(lowering, channel, 'parameters'))
  for (const name of names) {
    if (declared.has(name)) continue
    const hint = `Add \`${name}: {}\` to \`parameters\` of the channel.`
    lowering.report(
      faultAt(channel, 'address', `The parameter {${name}} of the address is not declared`, hint),
    )
  }
  return [...declared].flatMap(([name, parameter]) => {
    const isOld = isAsyncapi2(lowering.root.root)
    checkMembers(parameter, isOld ? 'parameter with a schema' : 'parameter', [], lowering.report)
    if (!names.includes(name)) {
      const at = { document: channel.document, pointer: appendPointer(`${channel.pointer}/parameters`, name) }
      const message = `The parameter \`${name}\` does not stand in the address`
      lowering.report({ at, part: 'key', message, hint: `Write {${name}} in the address, or remove it.` })
      return []
    }
    const values = parameter.value['enum']
    // A segment of a path is a text by itself; AsyncAPI has no way to bound it.
    const written = Array.isArray(values) ? { type: 'string', enum: values } : {}
    const schema = isOld && parameter.value['schema'] !== undefined ? schemaOf(lowering, parameter) : written
    return [{ name, in: 'path', required: true, schema }]
  })
}

function schemaOf({ root }: Lowering, { document, pointer }: ObjectPlace) {
  return { $ref: referenceTo(root.path, document.path, `${pointer}/schema`) }
}

function bodyOf(messages: readonly LoweredMessage[]): unknown {
  const content = [...Map.groupBy(messages, ({ contentType }) => contentType)].map(([type, same]) => {
    const schemas = same.flatMap(({ schema }) => schema ?? [])
    if (schemas.length < same.length) return [type, {}]
    return [type, { schema: schemas.length === 1 ? schemas[0] : { oneOf: schemas } }]
  })
  return { required: true, content: Object.fromEntries(content) }
}

/** The name of a requirement is that of the scheme: AsyncAPI 3 refers to schemes, 2 and OpenAPI name them. */
function securityOf({ report, root }: Lowering, operation: ObjectPlace): unknown {
  const list = operation.value['security']
  if (!Array.isArray(list)) return undefined
  if (isAsyncapi2(root.root)) return list
  return list.flatMap((entry: unknown, index) => {
    const ref = isObject(entry) ? entry['$ref'] : undefined
    const name =
      typeof ref === 'string' ? /^#\/components\/securitySchemes\/([^/]+)$/.exec(ref)?.[1] : undefined
    if (name !== undefined) return [{ [name]: [] }]
    const hint = "Declare it there and write { $ref: '#/components/securitySchemes/…' }."
    const message = 'The security scheme is not one of `components.securitySchemes`'
    report({
      at: { document: operation.document, pointer: `${operation.pointer}/security/${index}` },
      message,
      hint,
    })
    return []
  })
}

interface BindingSources {
  readonly channel: ObjectPlace
  readonly value: ObjectPlace['value']
  readonly messages: readonly LoweredMessage[]
}

function bindingsOf(
  lowering: Lowering,
  operation: ObjectPlace,
  { channel, value, messages }: BindingSources,
): unknown {
  const found = {
    channel: memberOf(lowering, channel, 'bindings')?.value ?? {},
    operation: memberOf(lowering, { ...operation, value }, 'bindings')?.value ?? {},
    messages: messages.map(({ bindings }) => (isObject(bindings) ? bindings : {})),
  }
  if (JSON.stringify(found).includes('"$ref":')) {
    const hint = 'Write what bindings hold where it is used; the gateway follows no references.'
    lowering.report(
      faultAt(operation, 'bindings', 'The bindings of the operation or of its channel hold references', hint),
    )
  }
  return found
}

function methodOf({ report }: Lowering, operation: ObjectPlace, value: ObjectPlace['value']): string {
  const http: unknown = isObject(value['bindings']) ? value['bindings']['http'] : undefined
  const method: unknown = isObject(http) ? http['method'] : undefined
  if (method === undefined) return 'post'
  const lower = typeof method === 'string' ? method.toLowerCase() : ''
  if (!pathItemMethods.includes(lower)) {
    const message = `The HTTP binding has the method ${JSON.stringify(method)}`
    report(faultAt(operation, 'bindings', message, 'Write a method such as POST or PUT.'))
  }
  return lower
}

/** What a queue's dispatcher cannot do: answer with messages, or reach servers of another protocol. */
function checkDispatcher(lowering: Lowering, operation: ObjectPlace, channel: ObjectPlace): void {
  const { report, root } = lowering
  const dispatch = operation.value['x-barbacane-dispatch']
  const name = isObject(dispatch) ? String(dispatch['name']) : ''
  const protocols = Object.hasOwn(QUEUES, name) ? QUEUES[name] : undefined
  if (protocols === undefined) return
  if (operation.value['action'] === 'receive') {
    const message = `\`${name}\` publishes and cannot answer an operation that receives`
    report(
      faultAt(operation, 'x-barbacane-dispatch', message, 'Use a dispatcher that answers, or remove it.'),
    )
  }
  const whole: ObjectPlace = { document: root, pointer: '', value: isObject(root.root) ? root.root : {} }
  const own = entriesOf(lowering, channel, 'servers')
  const servers = own.length > 0 ? own : entriesOf(lowering, whole, 'servers')
  if (servers.length === 0 || servers.some(([, { value }]) => protocols.includes(String(value['protocol']))))
    return
  const message = `No server of the channel speaks the protocol of \`${name}\``
  report(faultAt(operation, 'x-barbacane-dispatch', message, `Add a server of the protocol ${protocols[0]}.`))
}
