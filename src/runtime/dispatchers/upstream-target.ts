import { decodePercent } from '../validate/index.ts'

/** Builds the path that goes upstream from a template: `/users/{id}/files/{path}`. */
export type TargetBuilder = (captures: readonly string[]) => string

/**
 * Prepares a path template. Captures are decoded once and encoded again, so that nothing of the client's spelling
 * reaches the upstream; a greedy capture keeps its slashes.
 *
 * @throws {RangeError} when a placeholder is no parameter of the route.
 */
export function targetBuilder(template: string, captureNames: readonly string[]): TargetBuilder {
  const parts = template.split(/\{([^{}]*)\}/).map((part, index) => {
    if (index % 2 === 0) return part
    const capture = captureNames.indexOf(part.replace(/\+$/, ''))
    if (capture === -1) throw new RangeError(`{${part}} is no parameter of the path`)
    return capture
  })
  return (captures) =>
    parts.map((part) => (typeof part === 'string' ? part : encodeCapture(captures[part] as string))).join('')
}

function encodeCapture(raw: string): string {
  return raw
    .split('/')
    .map((segment) => encodeURIComponent(decodePercent(segment)))
    .join('/')
}
