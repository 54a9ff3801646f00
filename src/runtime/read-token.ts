import { runtimeProblems as problems } from './problems.ts'
import { createSecretResolver } from './secrets.ts'

const MIN_CHARACTERS = 16

/**
 * A token that callers of the admin listener have to present.
 *
 * @param option how messages name the setting
 * @throws {ProblemError} BCN_SERVE_OPTION for what is no reference, or a token that could be guessed;
 * BCN_SECRET_UNRESOLVED
 */
export function readToken(
  reference: string,
  {
    option,
    env,
    secretsDir,
  }: {
    readonly option: string
    readonly env: Readonly<Record<string, string | undefined>>
    readonly secretsDir: string
  },
): string {
  if (!/^(?:env|file):\/\//.test(reference)) {
    throw problems.BCN_SERVE_OPTION({ option, reason: 'it is no reference like env://NAME or file:///PATH' })
  }
  const resolver = createSecretResolver(env, secretsDir)
  const { token } = resolver.resolve({ token: reference }, option)
  resolver.finish()
  if (typeof token === 'string' && token.length >= MIN_CHARACTERS) return token
  throw problems.BCN_SERVE_OPTION({ option, reason: `the token has less than ${MIN_CHARACTERS} characters` })
}
