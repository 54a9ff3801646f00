import { MAX_EXPANDED_NODES } from '../expansion.ts'
import { MAX_DEPTH } from '../yaml-options.ts'
import { PathCostError, select, type Query, type Selected } from './json-path/index.ts'
import { mergeInto, MergeError } from './merge-tree.ts'
import type { OverlayFault } from './overlay-fault.ts'
import type { OverlayAction, OverlayVersion } from './read-overlay.ts'
import { cloneTree, extentOf, growTree, kindOf, type Origin, type TreeNode } from '../tree.ts'

/** A description while overlays are applied to it. */
export interface Overlaid {
  readonly tree: TreeNode
  /** At most so many nodes are in the tree. */
  nodes: number
}

/** Why an action cannot be applied. */
class ActionError extends Error {
  readonly at: Origin
  readonly hint: string

  constructor(at: Origin, message: string, hint: string) {
    super(message)
    this.at = at
    this.hint = hint
  }
}

/** Applies one action in place. Tells how many values it has selected, or why it cannot be applied. */
export function applyAction(
  overlaid: Overlaid,
  action: OverlayAction,
  version: OverlayVersion,
): { readonly selected: number } | { readonly fault: OverlayFault } {
  try {
    const selected = selectAt(action.target, overlaid, action.at)
    if (action.change.kind === 'remove') removeAll(selected, action.at)
    else if (selected.length > 0) mergeAll(selected, action, overlaid, version)
    return { selected: selected.length }
  } catch (error) {
    if (error instanceof ActionError) return { fault: faultOf(error.at, error.message, error.hint) }
    if (!(error instanceof MergeError)) throw error
    const hint =
      'Objects are merged with objects, lists with lists; remove the old value first to replace it.'
    return { fault: faultOf(error.at, `The action cannot be applied: ${error.message}`, hint) }
  }
}

function faultOf(at: Origin, message: string, hint: string): OverlayFault {
  return { rule: 'overlay-action', at, message, hint }
}

function selectAt(query: Query, { tree }: Overlaid, at: Origin): readonly Selected[] {
  try {
    return select(query, tree)
  } catch (error) {
    if (!(error instanceof PathCostError)) throw error
    throw new ActionError(at, `The path is too costly: ${error.message}`, 'Name more of the path.')
  }
}

function removeAll(selected: readonly Selected[], at: Origin): void {
  const doomed = new Set(selected.map(({ node }) => node))
  for (const parent of new Set(selected.map((one) => one.parent))) {
    if (parent === undefined)
      throw new ActionError(at, 'The whole description cannot be removed', 'Name a part of it.')
    const { content } = parent
    if (Array.isArray(content)) parent.content = content.filter((node) => !doomed.has(node))
    else if (content instanceof Map)
      for (const [key, node] of content) if (doomed.has(node)) content.delete(key)
  }
}

function mergeAll(
  selected: readonly Selected[],
  { at, change }: OverlayAction,
  overlaid: Overlaid,
  version: OverlayVersion,
): void {
  const kinds = new Set(selected.map(({ node }) => kindOf(node)))
  if (kinds.size > 1) {
    const message = `The target selects values of different kinds: ${[...kinds].join(', ')}`
    throw new ActionError(at, message, 'Narrow the path until it selects objects only, or arrays only.')
  }
  if (version === '1.0' && kinds.has('primitive')) {
    const hint = 'Write `overlay: 1.1.0`, or update the object that holds it.'
    throw new ActionError(at, 'Overlay 1.0 cannot update a value that is neither object nor array', hint)
  }
  const value = valueOf(change, overlaid)
  const extent = extentOf(value)
  const deepest = selected.reduce((most, { depth }) => Math.max(most, depth), 0)
  overlaid.nodes += extent.nodes * selected.length
  if (overlaid.nodes > MAX_EXPANDED_NODES || deepest + extent.depth > MAX_DEPTH) {
    throw new ActionError(
      at,
      'The description would become too large or too deep',
      'Narrow the path of the action.',
    )
  }
  for (const { node } of selected) mergeInto(node, value)
}

function valueOf(change: OverlayAction['change'], overlaid: Overlaid): TreeNode {
  if (change.kind === 'update') return growTree(change.value, change.at)
  if (change.kind === 'remove') throw new TypeError('Nothing is merged where something is removed')
  const sources = selectAt(change.source, overlaid, change.at)
  const [source] = sources
  if (source === undefined || sources.length > 1) {
    const found = sources.length === 0 ? 'nothing' : `${sources.length} values`
    throw new ActionError(
      change.at,
      `The path to copy from selects ${found}`,
      'Let it select exactly one value.',
    )
  }
  return cloneTree(source.node, change.at)
}
