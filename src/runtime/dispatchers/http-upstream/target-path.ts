import type { Exchange } from '../../pipeline/exchange.ts'
import { decodePercent } from '../../validate/index.ts'

/** The path that goes upstream, behind the base path of the target. */
export type PathOf = (exchange: Exchange) => string

/**
 * Prepares a path template. Captures are decoded once and encoded again, so that nothing of the client's spelling
 * reaches the upstream; a greedy capture keeps its slashes.
 *
 * @throws {RangeError} when a placeholder is no parameter of the route.
 */
export function pathByTemplate(template: string, captureNames: readonly string[]): PathOf {
  const parts = template.split(/\{([^{}]*)\}/).map((part, index) => {
    if (index % 2 === 0) return part
    const capture = captureNames.indexOf(part.replace(/\+$/, ''))
    if (capture === -1) throw new RangeError(`{${part}} is no parameter of the path`)
    return capture
  })
  return ({ captures }) =>
    parts.map((part) => (typeof part === 'string' ? part : encodeCapture(captures[part] as string))).join('')
}

function encodeCapture(raw: string): string {
  return raw
    .split('/')
    .map((segment) => encodeURIComponent(decodePercent(segment)))
    .join('/')
}

/** The path without a prefix, where that is the beginning of it, segment by segment as the client spells them. */
export function pathWithout(prefix: string): PathOf {
  return ({ path }) => {
    if (!path.startsWith(prefix)) return path
    const rest = path.slice(prefix.length)
    return rest === '' ? '/' : rest.startsWith('/') ? rest : path
  }
}

/** The path as it is. */
export function samePath({ path }: Exchange): string {
  return path
}
