import { isObject, type JsonValue } from '../../../domain/index.ts'
import { isFieldValue, type Fields } from '../../http/index.ts'

/** Changes header fields; `value` makes the text of a template for the request at hand. */
export type HeaderChanges<T> = (headers: Fields, value: (template: T) => string) => void

/** Fields that belong to the connection or to the framing of a message: they are the engine's. */
const OF_ENGINE: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * Reads `remove`, `rename`, `set` and `add`, which are done in this order.
 *
 * @throws {RangeError} for a field of the engine.
 */
export function headerChanges<T>(
  config: JsonValue | undefined,
  compile: (text: string) => T,
): HeaderChanges<T> | undefined {
  if (!isObject(config)) return undefined
  const remove = ((config['remove'] ?? []) as readonly string[]).map(lower)
  const rename = Object.entries((config['rename'] ?? {}) as Readonly<Record<string, string>>)
  const [set, add] = ['set', 'add'].map((key) =>
    Object.entries((config[key] ?? {}) as Readonly<Record<string, string>>).map(
      ([name, text]) => [lower(name), compile(text)] as const,
    ),
  ) as [(readonly [string, T])[], (readonly [string, T])[]]
  const touched = [
    ...remove,
    ...rename.flat().map(lower),
    ...set.map(([name]) => name),
    ...add.map(([name]) => name),
  ]
  const foreign = touched.find((name) => OF_ENGINE.has(name))
  if (foreign !== undefined) throw new RangeError(`/headers: ${foreign} is a matter of the connection`)
  return (headers, value) => {
    for (const name of remove) headers.remove(name)
    for (const [from, to] of rename) {
      const values = headers.values(lower(from))
      if (values.length === 0) continue
      headers.remove(from)
      for (const text of values) headers.append(to, text)
    }
    for (const [name, template] of set) headers.set(name, fieldText(value(template)))
    for (const [name, template] of add) headers.append(name, fieldText(value(template)))
  }
}

/** A text of a request as one field value: what no field can hold is percent-encoded. */
function fieldText(text: string): string {
  const trimmed = text.trim()
  return isFieldValue(trimmed) ? trimmed : encodeURIComponent(trimmed.toWellFormed())
}

function lower(name: string): string {
  return name.toLowerCase()
}
