/** One segment of a path template, e.g. `users`, `{id}`, `{name}.{ext}` or `{rest+}`. */
export type TemplateSegment =
  | { readonly kind: 'static'; readonly text: string }
  | { readonly kind: 'mixed'; readonly literals: readonly string[]; readonly names: readonly string[] }
  | { readonly kind: 'parameter'; readonly names: readonly string[] }
  | { readonly kind: 'greedy'; readonly names: readonly string[] }

/** Splits a path template into its segments; literal text is percent-decoded, as request paths are. */
export function parseTemplate(template: string): readonly TemplateSegment[] {
  return template.slice(1).split('/').map(parseSegment)
}

function parseSegment(text: string): TemplateSegment {
  const parts = text.split(/\{([^{}]*)\}/)
  const names = parts.filter((_, index) => index % 2 === 1)
  const literals = parts.filter((_, index) => index % 2 === 0)
  if (names.length === 0) return { kind: 'static', text: decodeLiteral(text) }
  if (names.length === 1 && literals.every((literal) => literal === '')) {
    const name = names[0] as string
    return name.endsWith('+') ? { kind: 'greedy', names: [name.slice(0, -1)] } : { kind: 'parameter', names }
  }
  return { kind: 'mixed', literals: literals.map((literal) => toByteText(decodeLiteral(literal))), names }
}

function decodeLiteral(text: string): string {
  return /%(?![0-9a-f]{2})/i.test(text) ? text : decodeURIComponent(text)
}

/** The UTF-8 bytes of a text, one character a byte. */
function toByteText(text: string): string {
  return Buffer.from(text).toString('latin1')
}
