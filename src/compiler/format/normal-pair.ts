import { isDeepStrictEqual } from 'node:util'

import { isCollection, isMap, isScalar, isSeq, parseDocument, visit, type Document, type YAMLMap } from 'yaml'

/** The keys of an entry in the order in which they are read. */
const ENTRY_KEYS = ['name', 'config']
const WITH_ENTRIES = ['x-barbacane-dispatch', 'x-barbacane-middlewares']

/**
 * The lines of one key and its value in the normal form: blocks instead of flow collections, `name` before `config`.
 * Undefined where it already has that form, or where its anchors, aliases or comments could not be kept.
 */
export function normalPair(lines: readonly string[]): readonly string[] | undefined {
  const source = lines.join('\n')
  const document = parse(source)
  if (document === undefined || hasNames(document)) return undefined
  if (!normalise(document)) return undefined
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: true }).replace(/\n$/, '')
  const after = parse(text)
  const isKept =
    after !== undefined &&
    isDeepStrictEqual(after.toJS(), document.toJS()) &&
    isDeepStrictEqual(after.toJS(), parse(source)?.toJS()) &&
    isDeepStrictEqual(commentsOf(text), commentsOf(source)) &&
    !normalise(after)
  return isKept ? text.split('\n') : undefined
}

function parse(text: string): Document | undefined {
  const document = parseDocument(text, { merge: false, logLevel: 'silent' })
  return document.errors.length > 0 ? undefined : document
}

// Names reach beyond the value, so their order must not change.
function hasNames(document: Document): boolean {
  let found = false
  visit(document, {
    Alias: () => {
      found = true
      return visit.BREAK
    },
    Node: (_, node) => {
      if ('anchor' in node && node.anchor !== undefined) found = true
    },
  })
  return found
}

/** Changes the nodes; false where there was nothing to change. */
function normalise(document: Document): boolean {
  if (!isMap(document.contents)) return false
  const [pair] = document.contents.items
  const name = isScalar(pair?.key) ? String(pair.key.value) : ''
  let isChanged = false
  if (WITH_ENTRIES.includes(name)) {
    const entries = isSeq(pair?.value) ? pair.value.items : [pair?.value]
    for (const entry of entries) if (isMap(entry) && orderKeys(entry)) isChanged = true
  }
  visit(document, {
    Collection: (_, node) => {
      if (!isCollection(node) || node.flow !== true || node.items.length === 0) return
      node.flow = false
      isChanged = true
    },
  })
  return isChanged
}

function orderKeys(entry: YAMLMap): boolean {
  const rank = (key: unknown) => {
    const index = isScalar(key) ? ENTRY_KEYS.indexOf(String(key.value)) : -1
    return index === -1 ? ENTRY_KEYS.length : index
  }
  const ordered = entry.items.toSorted((a, b) => rank(a.key) - rank(b.key))
  const isChanged = ordered.some((pair, index) => pair !== entry.items[index])
  entry.items = ordered
  return isChanged
}

function commentsOf(text: string): readonly string[] {
  // Where quotes or blocks hold a `#` as well, both texts hold it.
  return [...text.matchAll(/(?:^|\s)#[^\n]*/g)].map(([comment]) => comment.trim()).toSorted()
}
