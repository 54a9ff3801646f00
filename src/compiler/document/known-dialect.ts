const KNOWN =
  /^https:\/\/(?:json-schema\.org\/draft\/2020-12\/schema#?|spec\.openapis\.org\/oas\/3\.\d\/dialect\/[\w.-]+)$/

/** True for the names of JSON Schema 2020-12 and of the dialects that OpenAPI makes of it, by which requests are validated. */
export function isKnownDialect(name: unknown): boolean {
  return typeof name === 'string' && KNOWN.test(name)
}
