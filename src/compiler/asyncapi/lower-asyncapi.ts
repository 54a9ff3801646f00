import { isObject, type Finding } from '../../domain/index.ts'
import {
  createDocumentSet,
  growTree,
  treeDocument,
  type DocumentSet,
  type SourceDocument,
  type TreeNode,
} from '../document/index.ts'
import { toAsyncapiFinding, type AsyncapiFault } from './asyncapi-fault.ts'
import { checkMembers } from './check-members.ts'
import { entriesOf, type Lowering } from './lowering.ts'
import { isAsyncapi2, upgradeAsyncapi } from './upgrade-asyncapi.ts'
import { lowerOperation, type LoweredOperation } from './lower-operation.ts'

/**
 * Gives the AsyncAPI documents (3.x, and 2.x in the form of 3.0) among the roots of a set `paths` as OpenAPI has them, so that everything behind it
 * knows one model: an operation that sends becomes `POST {address}` (or the method of its HTTP binding) with its
 * messages as body, one that receives becomes `GET {address}`. Values are located where AsyncAPI has them.
 *
 * Findings: `asyncapi-structure` (E1004; E1010 where two operations have the same path and method).
 */
export function lowerAsyncapi(given: DocumentSet): {
  readonly set: DocumentSet
  readonly findings: readonly Finding[]
} {
  const faults = new Map<string, AsyncapiFault>()
  const report = (fault: AsyncapiFault): void => {
    faults.set(`${fault.at.document.path}#${fault.at.pointer} ${fault.message}`, fault)
  }
  const set = replaceRoots(given, (root) => (isAsyncapi2(root.root) ? upgradeAsyncapi(root) : root))
  const lowered = new Map<SourceDocument, SourceDocument>()
  for (const root of set.roots) if (isAsyncapi(root)) lowered.set(root, lowerRoot({ set, root, report }))
  if (lowered.size === 0) return { set, findings: [] }
  const findings = [...faults.values()].map(toAsyncapiFinding)
  return { set: replaceRoots(set, (root) => lowered.get(root) ?? root), findings }
}

function replaceRoots(set: DocumentSet, replace: (root: SourceDocument) => SourceDocument): DocumentSet {
  const roots = new Map(set.roots.map((root) => [root, replace(root)]))
  // What is the same need not be walked again.
  if ([...roots].every(([root, replaced]) => root === replaced)) return set
  const changed = (document: SourceDocument) => roots.get(document) ?? document
  const documents = new Map([...set.documents].map(([path, document]) => [path, changed(document)]))
  return createDocumentSet([...roots.values()], documents)
}

/** True where a document says that it is of a version of AsyncAPI that is read. */
function isAsyncapi({ root }: SourceDocument): boolean {
  return (
    isAsyncapi2(root) ||
    (isObject(root) &&
      typeof root['asyncapi'] === 'string' &&
      /^3\.[01]\.\d+(?:-.+)?$/.test(root['asyncapi']))
  )
}

function lowerRoot(lowering: Lowering): SourceDocument {
  const { root, report } = lowering
  const whole = { document: root, pointer: '', value: root.root as Record<string, unknown> }
  checkMembers(whole, 'root', ['info'], report)
  const { info } = whole.value
  if (isObject(info))
    checkMembers({ document: root, pointer: '/info', value: info }, 'info', ['title', 'version'], report)
  for (const [, channel] of entriesOf(lowering, whole, 'channels'))
    checkMembers(channel, 'channel', [], report)
  const paths = new Map<string, TreeNode>()
  for (const [id, operation] of entriesOf(lowering, whole, 'operations')) {
    const made = lowerOperation(lowering, id, operation)
    if (made !== undefined) place(made, paths, lowering)
  }
  const tree = growTree(root.root, { document: root, pointer: '' })
  if (!(tree.content instanceof Map)) return root
  // They stand below `paths` now; servers are brokers, which the gateway does not serve under.
  for (const key of ['operations', 'servers']) tree.content.delete(key)
  tree.content.set('paths', { content: paths, origin: { document: root, pointer: '/operations' } })
  return treeDocument(root, tree)
}

function place(
  { path, method, tree, address }: LoweredOperation,
  paths: Map<string, TreeNode>,
  { report }: Lowering,
): void {
  const item = paths.get(path)
  const members = item?.content instanceof Map ? item.content : new Map<string, TreeNode>()
  if (item === undefined) paths.set(path, { content: members, origin: address })
  if (members.has(method)) {
    const message = `${method.toUpperCase()} ${path} is another operation already`
    report({
      at: tree.origin,
      part: 'key',
      code: 'E1010',
      message,
      hint: 'Give the channel another address, or remove one.',
    })
  } else members.set(method, tree)
}
