import { cloneTree, kindOf, type TreeNode } from '../tree.ts'

/** Two values that cannot be merged, and where the second one is written. */
export class MergeError extends Error {
  readonly at: TreeNode['origin']

  constructor(message: string, at: TreeNode['origin']) {
    super(message)
    this.at = at
  }
}

/**
 * Merges a value into a target in place (Overlay 1.1 §4.4.3): objects by member, arrays by concatenation, primitives
 * by replacement. To an array anything may be appended.
 *
 * @throws {MergeError} where the two are of different kinds.
 */
export function mergeInto(target: TreeNode, value: TreeNode): void {
  if (Array.isArray(target.content) && !Array.isArray(value.content)) target.content.push(cloneTree(value))
  else mergeSame(target, value)
}

function mergeSame(target: TreeNode, value: TreeNode): void {
  if (kindOf(target) !== kindOf(value)) {
    throw new MergeError(
      `the ${kindOf(value)} cannot be merged with the ${kindOf(target)} that is there`,
      value.origin,
    )
  }
  if (target.content instanceof Map && value.content instanceof Map) {
    for (const [key, member] of value.content) {
      const present = target.content.get(key)
      if (present === undefined) target.content.set(key, cloneTree(member))
      else mergeSame(present, member)
    }
  } else if (Array.isArray(target.content) && Array.isArray(value.content)) {
    for (const item of value.content) target.content.push(cloneTree(item))
  } else {
    target.content = value.content
    target.origin = value.origin
  }
}
