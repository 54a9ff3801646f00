import { appendPointer, isObject } from '../../../domain/index.ts'
import type { DocumentSet, GraphNode } from '../../document/index.ts'
import { IGNORE } from '../plugin-uses.ts'
import type { Ignore } from './ignore.ts'

/**
 * The ignores that stand as `x-barbacane-lint-ignore: { rule: reason }` on an object of a description. One covers the
 * object and everything in it.
 */
export function readIgnoreExtensions(set: DocumentSet): readonly Ignore[] {
  if (![...set.documents.values()].some(({ text }) => text.includes(IGNORE))) return []
  const ignores = new Map<string, Ignore>()
  for (const node of set.graph().nodes) for (const [id, ignore] of ignoresOf(node)) ignores.set(id, ignore)
  return [...ignores.values()]
}

function ignoresOf(node: GraphNode): readonly (readonly [string, Ignore])[] {
  if (!Object.hasOwn(node.value, IGNORE)) return []
  const { document, pointer, value } = node
  const entries = value[IGNORE]
  const place = appendPointer(pointer, IGNORE)
  const covers: Ignore['covers'] = ({ at }) =>
    at.file === document.path &&
    at.pointer !== undefined &&
    (at.pointer === pointer || at.pointer.startsWith(`${pointer}/`))
  const ignore = (rule: string, reason: unknown, at: string): readonly [string, Ignore] => {
    const text = typeof reason === 'string' && reason.trim() !== '' ? reason.trim() : undefined
    return [`${document.path}#${at}`, { rule, reason: text, at: document.locate(at, 'key'), covers }]
  }
  if (!isObject(entries) || Object.keys(entries).length === 0) return [ignore('', undefined, place)]
  return Object.entries(entries).map(([rule, reason]) => ignore(rule, reason, appendPointer(place, rule)))
}
