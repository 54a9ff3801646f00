/**
 * True where the name in a security requirement cannot be that of a component, which has neither `#` nor `/`: from OpenAPI
 * 3.2 on (§4.30) it is a reference to a scheme then.
 */
export function readsAsReference(name: string): boolean {
  return /[#/]/.test(name)
}
