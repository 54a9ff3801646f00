declare module 'spdx-expression-parse' {
  /** @throws {Error} where the text is no SPDX licence expression, or names a licence or an exception that is not listed. */
  export default function parse(expression: string): object
}
