/** A media type or range in lower case and without parameters (RFC 9110 §8.3.1). */
export function essenceOf(mediaType: string): string {
  return (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase()
}

/** True for `type/subtype`, a range such as `text/*`, and the range of everything (RFC 9110 §12.5.1). */
export function isMediaRange(essence: string): boolean {
  return /^(?:\*\/\*|[!#$%&'+.^_`|~\w-]+\/(?:\*|[!#$%&'+.^_`|~\w-]+))$/.test(essence)
}
