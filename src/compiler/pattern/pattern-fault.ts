import { schemaDialect } from '../../domain/index.ts'

/** Why a text is no regular expression as the gateway reads them (ECMA-262); undefined where it is one. */
export function patternFault(source: string): string | undefined {
  try {
    schemaDialect.code.regExp(source, 'u')
    return undefined
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // `Invalid regular expression: /(/: Unterminated group`
    return error.message.split(': ').at(-1) ?? error.message
  }
}
