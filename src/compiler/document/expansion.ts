import { tooDeepFault, type SyntaxFault } from './syntax-fault.ts'
import { MAX_DEPTH } from './yaml-options.ts'

/** More nodes than this, aliases written out, are refused: GitHub's whole description has about 600,000. */
export const MAX_EXPANDED_NODES = 5_000_000

interface Extent {
  readonly nodes: number
  readonly depth: number
}

/** The fault of a document whose aliases contain themselves, or multiply to more than anyone can process. */
export function expansionFault(root: unknown): SyntaxFault | undefined {
  const { nodes, depth } = extentOf(root, new Map())
  if (nodes === Infinity) return fault('An alias of the document contains itself')
  // One over the limit is the scalar at the bottom.
  if (depth > MAX_DEPTH + 1) return tooDeepFault(0, MAX_DEPTH)
  const isLarge = nodes > MAX_EXPANDED_NODES
  return isLarge
    ? fault(`The aliases of the document expand to more than ${MAX_EXPANDED_NODES} nodes`)
    : undefined
}

function fault(message: string): SyntaxFault {
  return { severity: 'error', message, hint: 'Use $ref instead of YAML aliases.', start: 0 }
}

const SCALAR: Extent = { nodes: 1, depth: 1 }
const ENDLESS: Extent = { nodes: Infinity, depth: Infinity }

function extentOf(value: unknown, known: Map<object, Extent>): Extent {
  if (typeof value !== 'object' || value === null) return SCALAR
  const measured = known.get(value)
  if (measured !== undefined) return measured
  known.set(value, ENDLESS)
  let nodes = 1
  let depth = 0
  for (const child of Object.values(value)) {
    const extent = extentOf(child, known)
    nodes += extent.nodes
    depth = Math.max(depth, extent.depth)
  }
  const extent = { nodes, depth: depth + 1 }
  known.set(value, extent)
  return extent
}
