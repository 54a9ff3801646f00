import { appendPointer, type Finding } from '../../domain/index.ts'
import type { EntryFault, Library } from './library.ts'
import type { ReferenceTarget } from './reference.ts'
import type { GraphReference } from './walk.ts'

/** A reference that leads nowhere, and where it points to. */
export interface BrokenReference {
  readonly reference: GraphReference
  readonly target: ReferenceTarget
}

/** Explains references that lead nowhere: one finding for each target, at the first place that names it. */
export function referenceFindings(
  references: readonly BrokenReference[],
  library: Library,
): readonly Finding[] {
  const causes = new Map<string, { readonly finding: Finding; count: number }>()
  for (const { reference, target } of references) {
    const { node, ref, keyword } = reference
    const { cause, ...what } = explain(ref, target, library)
    const known = causes.get(`${what.rule} ${cause}`)
    if (known !== undefined) known.count++
    else {
      const at = node.document.locate(appendPointer(node.pointer, keyword))
      causes.set(`${what.rule} ${cause}`, { finding: { severity: 'error', ...what, at }, count: 1 })
    }
  }
  return [...causes.values()].map(({ finding, count }) =>
    count === 1 ? finding : { ...finding, message: `${finding.message} (named in ${count} places)` },
  )
}

interface Explanation {
  readonly rule: string
  readonly code: string
  readonly message: string
  readonly hint: string
  /** What several references have in common when they have one cause. */
  readonly cause: string
}

function explain(ref: string, target: ReferenceTarget, library: Library): Explanation {
  if (target.kind === 'remote') return remote(target.url, target.reason, COPY)
  if (target.kind === 'outside') return outside(target.path, 'it lies outside of the project')
  if (target.kind === 'malformed') {
    const hint = 'Percent signs in a reference begin an escape of two hex digits.'
    return unresolved(ref, `The reference ${JSON.stringify(ref)} is malformed`, hint)
  }
  if (target.kind === 'baseless') {
    const message = `The reference ${JSON.stringify(ref)} is relative to ${target.base}, which has no folders`
    return unresolved(ref, message, 'Write what is meant as an absolute URI, or remove the `$id`.')
  }
  const entry = library.get(target.path)
  if (entry?.fault !== undefined) return unread(target.path, entry.fault)
  if (entry?.document === undefined) {
    const message = `The referenced file ${target.path} cannot be parsed`
    return unresolved(target.path, message, 'Correct the syntax of that file first.')
  }
  const place = `${target.path}#${target.within}${target.fragment}`
  if (target.within !== '' && target.fragment.startsWith('/'))
    return withinResource(ref, target.within, place)
  if (!target.fragment.startsWith('/')) {
    const hint = 'Give one schema of that file the `$anchor`, or refer by JSON Pointer (#/…).'
    return unresolved(place, `No schema, or more than one, has the anchor of ${JSON.stringify(ref)}`, hint)
  }
  return unresolved(
    place,
    `Nothing stands at ${JSON.stringify(ref)}`,
    'Add the missing part or correct the pointer.',
  )
}

function unread(path: string, { fault, reason, hint }: EntryFault): Explanation {
  if (fault === 'refused') return remote(path, reason, hint ?? COPY)
  if (fault === 'outside') return outside(path, reason)
  const message = `The referenced file ${path} is missing: ${reason}`
  return unresolved(path, message, 'Correct the path; it is relative to the file that it stands in.')
}

function withinResource(ref: string, within: string, place: string): Explanation {
  const message = `Nothing stands at ${JSON.stringify(ref)} of the schema with an \`$id\` at ${within}`
  const hint =
    'Below an `$id` a JSON Pointer begins at that schema; put the path of the file in front of it, or remove the `$id`.'
  return unresolved(place, message, hint)
}

function unresolved(cause: string, message: string, hint: string): Explanation {
  return { rule: 'ref-unresolved', code: 'E1003', message, hint, cause }
}

const COPY = 'Copy the file into the project and refer to the copy.'

function remote(url: string, reason: string, hint: string): Explanation {
  return {
    rule: 'ref-remote',
    code: 'E1003',
    message: `The reference to ${url} is not followed: ${reason}`,
    hint,
    cause: url,
  }
}

function outside(path: string, reason: string): Explanation {
  return {
    rule: 'ref-escapes-project',
    code: 'E1003',
    message: `The referenced file ${path} is not read because ${reason}`,
    hint: 'Move the file into the project, below the folder of barbacane.yaml.',
    cause: path,
  }
}
