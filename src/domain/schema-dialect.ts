/**
 * How schemas are read, by the compiler's dry run and by the gateway alike: options of ajv (2020-12) that change what
 * a schema means. Keywords and formats that JSON Schema does not know are ignored, as OpenAPI asks.
 */
export const schemaDialect = {
  strict: false,
  // Every fault of a request is listed, not only the first.
  allErrors: true,
  // `constructor` and its like are no members of a document that does not hold them.
  ownProperties: true,
  unicodeRegExp: true,
  // The compiler has checked the schemas; unknown formats are no news at every start.
  validateSchema: false,
  logger: false,
  code: { regExp: compilePattern },
} as const

compilePattern.code = 'compilePattern'

/**
 * A `pattern` as ECMA-262 with the `u` flag (JSON Schema 2020-12 core §6.4); patterns that only the older grammar
 * accepts, such as `[\w\-.]`, are compiled without it.
 *
 * @throws {SyntaxError} when neither grammar accepts the pattern.
 */
function compilePattern(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags)
  } catch (error) {
    if (!flags.includes('u')) throw error
    return new RegExp(pattern, flags.replace('u', ''))
  }
}
