import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  stringify,
  type Node,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'

import type { Revocation } from './fleet.ts'

/** A node as it is added to a fleet file. */
export interface NewNode {
  readonly name: string
  readonly environment: string
  readonly adminUrl: string
  /** Base64 of the SPKI DER. */
  readonly publicKey: string | undefined
  readonly labels: ReadonlyMap<string, string>
  readonly wave: number | undefined
}

/**
 * Adds a node behind the last one. Every other byte of the text stays as it is: comments, order, quotes, blank lines.
 *
 * @param text of a fleet file that has been read without a fault
 */
export function addNode(text: string, node: NewNode): string {
  const root = rootOf(text)
  const data = {
    name: node.name,
    environment: node.environment,
    admin_url: node.adminUrl,
    ...(node.publicKey === undefined ? {} : { public_key: node.publicKey }),
    ...(node.labels.size === 0 ? {} : { labels: Object.fromEntries(node.labels) }),
    ...(node.wave === undefined ? {} : { wave: node.wave }),
  }
  const nodes = root.get('nodes', true)
  if (!root.has('nodes')) return insertLines(text, text.length, ['nodes:', ...itemLines(data, '  ')])
  if (!isSeq(nodes))
    return insertLines(text, endOf(root.items.find(isNodes)?.key as Node), itemLines(data, '  '))
  if (nodes.flow === true) return insertInFlow(text, nodes, flowOf(data))
  return insertLines(text, lastEnd(nodes), itemLines(data, indentOf(nodes)))
}

/**
 * Marks a node as revoked, with the same care for the rest of the text.
 *
 * @param index its place in `nodes`
 */
export function revokeNode(text: string, index: number, { at, reason }: Revocation): string {
  const node = rootOf(text).getIn(['nodes', index], true)
  if (!isMap(node)) throw new TypeError(`nodes[${index}] is no object`)
  const revoked = { at, ...(reason === undefined ? {} : { reason }) }
  if (node.flow === true) return insertInFlow(text, node, `revoked: ${flowOf(revoked)}`)
  const lines = ['revoked:', ...blockLines(revoked).map((line) => `  ${line}`)]
  return insertLines(
    text,
    lastEnd(node),
    lines.map((line) => indentOf(node) + line),
  )
}

function rootOf(text: string): YAMLMap {
  const { contents } = parseDocument(text, { keepSourceTokens: true, version: '1.2', merge: false })
  if (!isMap(contents)) throw new TypeError('The fleet file is no object')
  return contents
}

function isNodes({ key }: { readonly key: unknown }): boolean {
  return isScalar(key) && key.value === 'nodes'
}

/** Lines of YAML as a block; times are quoted, because YAML 1.1 has a type for them. */
function blockLines(data: object): readonly string[] {
  return stringify(data, { lineWidth: 0, version: '1.1' }).trimEnd().split('\n')
}

function flowOf(data: object): string {
  return stringify(data, { lineWidth: 0, version: '1.1', collectionStyle: 'flow' }).trimEnd()
}

function itemLines(data: object, indent: string): readonly string[] {
  return blockLines(data).map((line, index) => `${indent}${index === 0 ? '- ' : '  '}${line}`)
}

/** How far what is in a block collection is indented. */
function indentOf({ srcToken }: YAMLMap | YAMLSeq): string {
  return ' '.repeat(srcToken !== undefined && 'indent' in srcToken ? srcToken.indent : 0)
}

/** Puts lines behind the line in which the offset is. */
function insertLines(text: string, offset: number, lines: readonly string[]): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const isFresh = offset === 0 || text[offset - 1] === '\n'
  const lineEnd = isFresh ? offset : text.indexOf('\n', offset) + 1
  // The last line may have no end.
  const at = lineEnd === 0 ? text.length : lineEnd
  const gap = at > 0 && text[at - 1] !== '\n' ? eol : ''
  return text.slice(0, at) + gap + lines.map((line) => line + eol).join('') + text.slice(at)
}

function insertInFlow(text: string, collection: YAMLMap | YAMLSeq, item: string): string {
  const close = endOf(collection) - 1
  const last = collection.items.at(-1)
  if (last === undefined)
    return `${text.slice(0, close)}${isMap(collection) ? ` ${item} ` : item}${text.slice(close)}`
  const at = lastEnd(collection)
  const rest = text.slice(at, close)
  const separator = /^\s*,/.test(rest) ? /^\s*,/.exec(rest)?.[0].length : 0
  const from = at + (separator ?? 0)
  return `${text.slice(0, from)}${separator === 0 ? ', ' : ' '}${item}${text.slice(from)}`
}

/** Where the last thing written in a collection ends; comments behind it are not part of it. */
function lastEnd(node: Node): number {
  if (!isMap(node) && !isSeq(node)) return endOf(node)
  const item: unknown = node.items.at(-1)
  if (item === undefined) return endOf(node)
  if (!isPair(item)) return collectionEnd(item as Node)
  const { key, value } = item as { readonly key: Node; readonly value: Node | null }
  return value === null ? endOf(key) : collectionEnd(value)
}

function collectionEnd(node: Node): number {
  const isBlock = (isMap(node) || isSeq(node)) && node.flow !== true
  return isBlock ? lastEnd(node) : endOf(node)
}

function endOf({ range }: Node): number {
  if (!range) throw new TypeError('A node of YAML without a place')
  return range[1]
}
