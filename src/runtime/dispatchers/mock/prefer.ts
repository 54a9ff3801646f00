/** What a client asks a mock for: `Prefer: code=404, example=sold-out`. */
export interface Preferred {
  readonly code: number | undefined
  readonly example: string | undefined
}

const PREFERENCE = /(?:^|[,;])\s*(code|example)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]+))/gi
const NOTHING: Preferred = { code: undefined, example: undefined }

/** Reads `Prefer` (RFC 7240 §2); the first of two of one name counts, and the others are for nobody here. */
export function preferredOf(values: readonly string[]): Preferred {
  if (values.length === 0) return NOTHING
  const found = new Map<string, string>()
  for (const [, name = '', quoted, plain] of values.join(',').matchAll(PREFERENCE)) {
    const key = name.toLowerCase()
    if (!found.has(key)) found.set(key, quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '')
  }
  const code = found.get('code')
  return {
    code: code !== undefined && /^\d{3}$/.test(code) ? Number(code) : undefined,
    example: found.get('example'),
  }
}
