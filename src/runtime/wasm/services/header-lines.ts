import { fieldLines } from '../../http/index.ts'

/** What the gateway says itself of a request. */
const OWN: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** The header lines that a plugin has chosen for a request; undefined where HTTP does not allow them. */
export function headerLines(headers: Readonly<Record<string, string>>): string | undefined {
  const pairs = Object.entries(headers).filter(([name]) => !OWN.has(name.toLowerCase()))
  try {
    return fieldLines(pairs.flat())
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
