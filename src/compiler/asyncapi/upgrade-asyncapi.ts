import { formatPointer, isObject } from '../../domain/index.ts'
import {
  cloneTree,
  growTree,
  treeDocument,
  type Origin,
  type SourceDocument,
  type TreeNode,
} from '../document/index.ts'

type Members = Map<string, TreeNode>

/**
 * Gives a document of AsyncAPI 2.x the form of 3.0, so that everything behind it knows one: operations stand by
 * themselves and name their channel, and the address is a member of the channel. Every value is located where it is
 * written.
 *
 * In 2.x `publish` is what clients send and `subscribe` is what they receive (2.6.0, Operation Object): they become
 * `send` and `receive` as the gateway serves them. The converter of the AsyncAPI initiative takes the view of the
 * application instead.
 */
export function upgradeAsyncapi(root: SourceDocument): SourceDocument {
  const tree = growTree(root.root, { document: root, pointer: '' })
  const members = membersOf(tree)
  const components = membersOf(members.get('components'))
  for (const message of membersOf(components.get('messages')).values()) upgradeMessage(message)
  for (const trait of membersOf(components.get('messageTraits')).values()) upgradeMessage(trait)
  // In 3.0 they are members of `info`.
  for (const key of ['tags', 'externalDocs']) members.delete(key)
  const operations: Members = new Map()
  for (const [address, channel] of membersOf(members.get('channels')))
    upgradeChannel(address, referred(channel, components), operations)
  // What uses a plugin are the copies.
  for (const channel of membersOf(components.get('channels')).values())
    for (const key of Object.keys(ACTIONS)) dropExtensions(membersOf(membersOf(channel).get(key)))
  members.set('operations', { content: operations, origin: { document: root, pointer: '/channels' } })
  return treeDocument(root, tree)
}

/** True of the versions that are read: 2.0 to 2.6. */
export function isAsyncapi2(root: unknown): boolean {
  return isObject(root) && typeof root['asyncapi'] === 'string' && /^2\.[0-6]\.\d+$/.test(root['asyncapi'])
}

/** A channel is given its address and loses its operations, so that one which several refer to is copied. */
function referred(channel: TreeNode, components: Members): TreeNode {
  const ref = membersOf(channel).get('$ref')?.content
  const name = typeof ref === 'string' ? /^#\/components\/channels\/([^/]+)$/.exec(ref)?.[1] : undefined
  const target = name === undefined ? undefined : membersOf(components.get('channels')).get(name)
  if (target === undefined) return channel
  channel.content = cloneTree(target).content
  return channel
}

const ACTIONS = { publish: 'send', subscribe: 'receive' } as const

function upgradeChannel(address: string, channel: TreeNode, operations: Members): void {
  const { origin } = channel
  const members = membersOf(channel)
  members.set('address', { content: address, origin })
  const servers = members.get('servers')
  if (Array.isArray(servers?.content))
    servers.content = servers.content.map((name) => referenceTo(name, ['servers']))
  const messages: Members = new Map()
  for (const [key, action] of Object.entries(ACTIONS)) {
    const operation = members.get(key)
    if (operation === undefined) continue
    members.delete(key)
    if (!(operation.content instanceof Map)) continue
    const own = operation.content
    const names = takeMessages(own, key, messages)
    const id = own.get('operationId')
    own.delete('operationId')
    own.set('action', { content: action, origin: operation.origin })
    own.set('channel', pointTo(['channels', address], operation.origin))
    own.set('messages', {
      content: names.map((name) => pointTo(['channels', address, 'messages', name], operation.origin)),
      origin: operation.origin,
    })
    operations.set(
      freeName(typeof id?.content === 'string' ? id.content : `${key} ${address}`, operations),
      operation,
    )
  }
  if (messages.size > 0) members.set('messages', { content: messages, origin })
}

/** Moves the message of an operation, or each of its `oneOf`, to those of the channel; gives their names there. */
function takeMessages(operation: Members, key: string, messages: Members): readonly string[] {
  const message = operation.get('message')
  operation.delete('message')
  if (message === undefined) return []
  const several = membersOf(message).get('oneOf')?.content
  const all = Array.isArray(several) ? several : [message]
  return all.map((one, index) => {
    const name = `${key}-${index}`
    upgradeMessage(one)
    messages.set(name, one)
    return name
  })
}

/** In 2.x the format of the schema is a member of the message, in 3.0 of its payload. */
function upgradeMessage(message: TreeNode): void {
  const members = membersOf(message)
  members.delete('messageId')
  const format = members.get('schemaFormat')
  const payload = members.get('payload')
  members.delete('schemaFormat')
  if (format === undefined || payload === undefined) return
  const content = new Map([
    ['schemaFormat', format],
    ['schema', payload],
  ])
  members.set('payload', { content, origin: payload.origin })
}

function dropExtensions(operation: Members): void {
  for (const key of operation.keys()) if (key.startsWith('x-barbacane-')) operation.delete(key)
}

function referenceTo(name: TreeNode, folder: readonly string[]): TreeNode {
  return typeof name.content === 'string' ? pointTo([...folder, name.content], name.origin) : name
}

function pointTo(tokens: readonly string[], origin: Origin): TreeNode {
  return growTree({ $ref: `#${encodeURI(formatPointer(tokens))}` }, origin)
}

function freeName(wanted: string, taken: Members): string {
  let name = wanted
  for (let number = 2; taken.has(name); number += 1) name = `${wanted} ${number}`
  return name
}

/** None where a node is no object. */
function membersOf(node: TreeNode | undefined): Members {
  return node?.content instanceof Map ? node.content : new Map<string, TreeNode>()
}
