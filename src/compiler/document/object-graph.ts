/** The kinds of objects of an OpenAPI (3.2 §4) or AsyncAPI (3.0) description that rules can visit. */
export type NodeType =
  | 'document'
  | 'info'
  | 'server'
  | 'paths'
  | 'pathItem'
  | 'operation'
  | 'parameter'
  | 'requestBody'
  | 'mediaType'
  | 'encoding'
  | 'responses'
  | 'response'
  | 'header'
  | 'example'
  | 'link'
  | 'callback'
  | 'components'
  | 'schema'
  | 'securityScheme'
  | 'tag'
  | 'channel'
  | 'channelParameter'
  | 'channelOperation'
  | 'message'
  | 'payload'
  | 'bindings'

/** How the objects of a member are held: the member itself, a list of them, or an object with free names. */
interface Edge {
  readonly type: NodeType
  readonly shape: 'one' | 'list' | 'map'
}

export interface NodeShape {
  readonly members: ReadonlyMap<string, Edge>
  /** The type of members with free names (those beginning with `x-` apart). */
  readonly free?: NodeType
}

const one = (type: NodeType): Edge => ({ type, shape: 'one' })
const list = (type: NodeType): Edge => ({ type, shape: 'list' })
const map = (type: NodeType): Edge => ({ type, shape: 'map' })

/** The methods with a member of their own in a path item; `query` came with OpenAPI 3.2. */
export const pathItemMethods: readonly string[] = [
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace',
  'query',
]

function shape(members: Readonly<Record<string, Edge>>, free?: NodeType): NodeShape {
  const known = new Map(Object.entries(members))
  return free === undefined ? { members: known } : { members: known, free }
}

const valueHolder = { schema: one('schema'), content: map('mediaType'), examples: map('example') }

const schemaMembers = {
  ...each(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'], map('schema')),
  ...each(['allOf', 'anyOf', 'oneOf', 'prefixItems'], list('schema')),
  ...each(['additionalProperties', 'items', 'not', 'if', 'then', 'else', 'contains'], one('schema')),
  ...each(['propertyNames', 'unevaluatedItems', 'unevaluatedProperties', 'contentSchema'], one('schema')),
}

function each(names: readonly string[], edge: Edge): Readonly<Record<string, Edge>> {
  return Object.fromEntries(names.map((name) => [name, edge]))
}

/** Which member of which object holds which objects; data (`example`, `default`, `enum`, `const`) is no part of it. */
export const objectGraph: Readonly<Record<NodeType, NodeShape>> = {
  document: shape({
    info: one('info'),
    servers: list('server'),
    paths: one('paths'),
    webhooks: map('pathItem'),
    components: one('components'),
    tags: list('tag'),
    channels: map('channel'),
    operations: map('channelOperation'),
  }),
  info: shape({}),
  server: shape({}),
  paths: shape({}, 'pathItem'),
  pathItem: shape({
    ...each(pathItemMethods, one('operation')),
    additionalOperations: map('operation'),
    servers: list('server'),
    parameters: list('parameter'),
  }),
  operation: shape({
    parameters: list('parameter'),
    requestBody: one('requestBody'),
    responses: one('responses'),
    callbacks: map('callback'),
    servers: list('server'),
  }),
  parameter: shape(valueHolder),
  requestBody: shape({ content: map('mediaType') }),
  mediaType: shape({
    schema: one('schema'),
    itemSchema: one('schema'),
    examples: map('example'),
    encoding: map('encoding'),
    prefixEncoding: list('encoding'),
    itemEncoding: one('encoding'),
  }),
  encoding: shape({
    headers: map('header'),
    encoding: map('encoding'),
    prefixEncoding: list('encoding'),
    itemEncoding: one('encoding'),
  }),
  responses: shape({}, 'response'),
  response: shape({ headers: map('header'), content: map('mediaType'), links: map('link') }),
  header: shape(valueHolder),
  example: shape({}),
  link: shape({ server: one('server') }),
  callback: shape({}, 'pathItem'),
  components: shape({
    schemas: map('schema'),
    responses: map('response'),
    parameters: map('parameter'),
    examples: map('example'),
    requestBodies: map('requestBody'),
    headers: map('header'),
    securitySchemes: map('securityScheme'),
    links: map('link'),
    callbacks: map('callback'),
    pathItems: map('pathItem'),
    mediaTypes: map('mediaType'),
    channels: map('channel'),
    operations: map('channelOperation'),
    messages: map('message'),
    messageTraits: map('message'),
    operationTraits: map('channelOperation'),
    ...each(['channelBindings', 'operationBindings', 'messageBindings'], map('bindings')),
  }),
  schema: shape(schemaMembers),
  securityScheme: shape({}),
  tag: shape({}),
  channel: shape({
    messages: map('message'),
    parameters: map('channelParameter'),
    bindings: one('bindings'),
    // Of AsyncAPI 2.
    ...each(['publish', 'subscribe'], one('channelOperation')),
  }),
  channelParameter: shape({ schema: one('schema') }),
  // A channel and its messages are named by reference, and are visited where they stand.
  channelOperation: shape({
    channel: one('channel'),
    messages: list('message'),
    message: one('message'),
    traits: list('channelOperation'),
    bindings: one('bindings'),
  }),
  message: shape({
    payload: one('payload'),
    headers: one('payload'),
    traits: list('message'),
    oneOf: list('message'),
    bindings: one('bindings'),
  }),
  // A schema, or an object that says the format of its schema (AsyncAPI 3.0, Multi Format Schema Object).
  payload: shape({ ...schemaMembers, schema: one('schema') }),
  bindings: shape({}),
}
