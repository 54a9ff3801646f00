import { appendPointer, didYouMean, isObject, isRemoteDocument } from '../../../domain/index.ts'
import { parseReference } from '../reference.ts'
import type { SourceDocument } from '../source-document.ts'
import { parseQuery, PathSyntaxError, type Query } from './json-path/index.ts'
import type { OverlayFault, ReportOverlayFault } from './overlay-fault.ts'
import type { Origin } from '../tree.ts'

export type OverlayVersion = '1.0' | '1.1'

/** An action of an overlay, at its place. */
export interface OverlayAction {
  readonly at: Origin
  readonly target: Query
  readonly change:
    | { readonly kind: 'remove' }
    | { readonly kind: 'update'; readonly value: unknown; readonly at: Origin }
    | { readonly kind: 'copy'; readonly source: Query; readonly at: Origin }
}

export interface Overlay {
  readonly document: SourceDocument
  readonly version: OverlayVersion
  /** The project-relative path of the one description that it is for. */
  readonly extends: string | undefined
  readonly actions: readonly OverlayAction[]
}

interface Reader {
  readonly document: SourceDocument
  readonly report: (pointer: string, message: string, hint: string, more?: Partial<OverlayFault>) => void
}

/** Reads an overlay (Overlay Specification 1.0 and 1.1) strictly; undefined where its faults forbid to apply it. */
export function readOverlay(document: SourceDocument, reportFault: ReportOverlayFault): Overlay | undefined {
  let hasErrors = false
  const report: Reader['report'] = (pointer, message, hint, more = {}) => {
    hasErrors ||= more.severity !== 'warning'
    reportFault({ rule: 'overlay-structure', at: { document, pointer }, message, hint, ...more })
  }
  const reader = { document, report }
  const { root } = document
  if (!isObject(root) || !Object.hasOwn(root, 'overlay')) {
    report(
      '',
      'The document is not an overlay',
      'Begin it with `overlay: 1.1.0`, or leave it out of `overlays`.',
    )
    return undefined
  }
  const version = readVersion(root['overlay'], reader)
  checkMembers('', root, ['overlay', 'info', 'extends', 'actions'], reader)
  checkInfo(root['info'], reader)
  const target = root['extends'] === undefined ? undefined : readExtends(root['extends'], reader)
  const list: unknown = root['actions']
  if (!Array.isArray(list) || list.length === 0) {
    report(
      '/actions',
      'An overlay needs a list of `actions`',
      'Write `actions: [{ target: $.info, update: … }]`.',
    )
  }
  const actions = (Array.isArray(list) ? list : []).flatMap(
    (action: unknown, index) => readAction(appendPointer('/actions', index), action, version, reader) ?? [],
  )
  return hasErrors || version === undefined ? undefined : { document, version, extends: target, actions }
}

function readVersion(value: unknown, { report }: Reader): OverlayVersion | undefined {
  const version = typeof value === 'string' ? /^(1\.[01])\.\d+$/.exec(value)?.[1] : undefined
  if (version === '1.0' || version === '1.1') return version
  const written = JSON.stringify(value).slice(0, 40)
  report('/overlay', `Overlay ${written} is not supported`, 'Use 1.0.0 or 1.1.0, written as a text.')
  return undefined
}

function checkInfo(info: unknown, reader: Reader): void {
  if (!isObject(info)) {
    reader.report('/info', 'An overlay needs `info`', 'Write `info: { title: …, version: 1.0.0 }`.')
    return
  }
  checkMembers('/info', info, ['title', 'version', 'description'], reader)
  for (const key of ['title', 'version']) {
    if (typeof info[key] === 'string') continue
    reader.report(`/info/${key}`, `\`${key}\` of \`info\` is not a text`, 'Write it as a text, in quotes.')
  }
}

function readExtends(value: unknown, { document, report }: Reader): string | undefined {
  const target = typeof value === 'string' ? parseReference(document.path, value) : undefined
  const path = target?.kind === 'file' && target.fragment === '' ? target.path : undefined
  if (path !== undefined && path !== document.path && !isRemoteDocument(path)) return path
  const hint = 'Write the path of a description of this project, relative to the overlay.'
  report('/extends', `${JSON.stringify(value)} is no file of the project that could be extended`, hint)
  return undefined
}

function readAction(
  pointer: string,
  action: unknown,
  version: OverlayVersion | undefined,
  reader: Reader,
): OverlayAction | undefined {
  const { document, report } = reader
  if (!isObject(action)) {
    report(pointer, 'The action is not an object', 'Write `{ target: $.info, update: … }`.')
    return undefined
  }
  const changes = version === '1.0' ? ['update', 'remove'] : ['update', 'copy', 'remove']
  checkMembers(pointer, action, ['target', 'description', ...changes], reader)
  const target = readQuery(appendPointer(pointer, 'target'), action['target'], reader)
  const remove = action['remove']
  if (remove !== undefined && typeof remove !== 'boolean') {
    report(appendPointer(pointer, 'remove'), '`remove` is not true or false', 'Write `remove: true`.')
  }
  const given = changes.filter((key) => (key === 'remove' ? remove === true : action[key] !== undefined))
  if (given.length !== 1) {
    const message =
      given.length === 0 ? 'The action changes nothing' : `The action has ${given.join(' and ')}`
    report(pointer, message, `Give it exactly one of ${changes.join(', ')}.`)
  }
  const at = (key: string): Origin => ({ document, pointer: appendPointer(pointer, key) })
  const copied = given[0] === 'copy' ? readQuery(at('copy').pointer, action['copy'], reader) : undefined
  if (target === undefined) return undefined
  const common = { at: at('target'), target }
  if (given[0] === 'remove') return { ...common, change: { kind: 'remove' } }
  if (given[0] === 'update')
    return { ...common, change: { kind: 'update', value: action['update'], at: at('update') } }
  return copied === undefined
    ? undefined
    : { ...common, change: { kind: 'copy', source: copied, at: at('copy') } }
}

function readQuery(pointer: string, value: unknown, { report }: Reader): Query | undefined {
  if (typeof value !== 'string') {
    report(pointer, 'A JSONPath is expected', "Write a text such as $.paths['/books'].get.")
    return undefined
  }
  try {
    return parseQuery(value)
  } catch (error) {
    if (!(error instanceof PathSyntaxError)) throw error
    const message = `${JSON.stringify(value.slice(0, 80))} is no JSONPath: ${error.message}`
    report(
      pointer,
      message,
      "Write it by RFC 9535, e.g. $.paths['/books'].get or $.paths.*[?@.deprecated == true].",
    )
    return undefined
  }
}

function checkMembers(
  pointer: string,
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
  { report }: Reader,
): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key) || key.startsWith('x-')) continue
    const hint = didYouMean(key, known, `Known are: ${known.join(', ')}.`)
    report(appendPointer(pointer, key), `\`${key}\` is unknown here`, hint, { part: 'key' })
  }
}
