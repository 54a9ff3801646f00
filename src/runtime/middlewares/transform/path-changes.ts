import { RE2JS } from 're2js'

import { isObject, type JsonValue } from '../../../domain/index.ts'

const UNSAFE = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/g

/**
 * Reads `strip_prefix`, `replace` and `add_prefix` of the path, which are done in this order.
 *
 * @throws {RangeError} for a pattern that is none of RE2.
 */
export function pathChanges(config: JsonValue | undefined): ((path: string) => string) | undefined {
  if (!isObject(config)) return undefined
  const strip = withoutSlash((config['strip_prefix'] ?? '') as string)
  const prefix = withoutSlash((config['add_prefix'] ?? '') as string)
  const replace = replacer(config['replace'])
  return (path) => {
    const isBelow =
      strip !== '' && path.startsWith(strip) && (path.length === strip.length || path[strip.length] === '/')
    const stripped = isBelow ? path.slice(strip.length) : path
    const changed = prefix + replace(stripped === '' ? '/' : stripped)
    return sanitize(changed)
  }
}

function replacer(config: JsonValue | undefined): (path: string) => string {
  if (!isObject(config)) return (path) => path
  const source = config['pattern'] as string
  let pattern: RE2JS
  try {
    pattern = RE2JS.compile(source)
  } catch (error) {
    throw new RangeError(`/path/replace/pattern: ${(error as Error).message}`, { cause: error })
  }
  const replacement = config['replacement'] as string
  for (const [whole, group] of replacement.matchAll(/\$(\d+)/g)) {
    if (Number(group) > pattern.groupCount()) {
      throw new RangeError(`/path/replace/replacement: the pattern has no group for ${whole}`)
    }
  }
  return (path) => pattern.matcher(path).replaceAll(replacement)
}

function withoutSlash(prefix: string): string {
  return prefix.endsWith('/') ? prefix.slice(0, -1) : prefix
}

/** What came out is a path on the wire: it begins with one slash, and what no path may hold is encoded. */
function sanitize(path: string): string {
  const encoded = path.replaceAll(UNSAFE, (character) => encodeURIComponent(character))
  return encoded.startsWith('/') ? encoded.replace(/^\/{2,}/, '/') : `/${encoded}`
}
