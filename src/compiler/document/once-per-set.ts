import type { DocumentSet } from './document-set.ts'

/**
 * Makes a function whose value for a set is worked out when it is first asked for, and once.
 *
 * The set keeps the value. A `WeakMap` of the module would not let go of it in time: collecting young garbage takes its
 * values for used, so that every description which a process has read would be copied until the next full collection.
 */
export function oncePerSet<T>(make: (set: DocumentSet) => T): (set: DocumentSet) => T {
  return (set) => {
    if (!set.kept.has(make)) set.kept.set(make, make(set))
    return set.kept.get(make) as T
  }
}
