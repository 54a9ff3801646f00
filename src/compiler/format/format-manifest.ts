import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'

const KEYS = ['version', 'specs', 'overlays', 'plugins', 'verify', 'lint']

/**
 * Puts the keys of a barbacane.yaml into the order in which its documentation has them. A key takes the comment lines
 * directly above it along; what stands above the first key stays at the top.
 */
export function formatManifest(text: string): string {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, merge: false, logLevel: 'silent' })
  const { contents } = document
  if (document.errors.length > 0 || !isMap(contents) || contents.flow === true) return text
  const lines = text.split('\n')
  const keys = contents.items.map(({ key }) => {
    const isNamed = isScalar(key) && key.range
    const line = isNamed ? counter.linePos(key.range[0]).line - 1 : -1
    return { name: isNamed ? String(key.value) : '', line }
  })
  if (keys.some(({ line }, index) => line < 0 || line === keys[index - 1]?.line)) return text
  // The empty text behind the last line break belongs to the file, not to the last key.
  const end = lines.at(-1) === '' ? lines.length - 1 : lines.length
  const starts = [...keys.map(({ line }, index) => (index === 0 ? line : withComments(lines, line))), end]
  const blocks = keys.map(({ name }, index) => ({
    name,
    lines: lines.slice(starts[index], starts[index + 1]),
  }))
  const ordered = blocks.toSorted((a, b) => rank(a.name) - rank(b.name))
  if (ordered.every((block, index) => block === blocks[index])) return text
  const body = ordered.flatMap(({ lines }) => lines)
  return [...lines.slice(0, starts[0]), ...body, ...lines.slice(end)].join('\n')
}

/** The index of the first comment line directly above a line. */
function withComments(lines: readonly string[], line: number): number {
  let start = line
  while (start > 0 && lines[start - 1]?.startsWith('#') === true) start -= 1
  return start
}

function rank(name: string): number {
  const index = KEYS.indexOf(name)
  return index === -1 ? KEYS.length : index
}
