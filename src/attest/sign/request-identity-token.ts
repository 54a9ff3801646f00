import { attestProblems as problems } from '../problems.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The identity token of the CI job: `SIGSTORE_ID_TOKEN` where it is set (GitLab, others), else GitHub Actions, else
 * Buildkite.
 *
 * @throws {ProblemError} BCN_ATTEST_TOKEN_PERMISSION, BCN_ATTEST_NO_TOKEN
 */
export async function requestIdentityToken(env: Environment, audience: string): Promise<string> {
  const given = env['SIGSTORE_ID_TOKEN']
  if (given) return given
  checkEnvironment(env)
  const { CIContextProvider } = await import('@sigstore/sign')
  let token: unknown
  try {
    token = await new CIContextProvider(audience).getToken()
  } catch (error) {
    throw problems.BCN_ATTEST_NO_TOKEN({ reason: 'the CI service gave no identity token' }, { cause: error })
  }
  if (typeof token === 'string' && token.split('.').length === 3) return token
  // GitHub answers a job without the permission with a JSON error that has no token in it.
  if (isGithubActions(env)) throw problems.BCN_ATTEST_TOKEN_PERMISSION({})
  throw problems.BCN_ATTEST_NO_TOKEN({ reason: 'what the CI service gave is not a JWT' })
}

function checkEnvironment(env: Environment): void {
  if (isGithubActions(env)) {
    if (env['ACTIONS_ID_TOKEN_REQUEST_URL'] && env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']) return
    throw problems.BCN_ATTEST_TOKEN_PERMISSION({})
  }
  if (env['BUILDKITE'] === 'true') return
  throw problems.BCN_ATTEST_NO_TOKEN({ reason: 'this is no CI job that has one' })
}

function isGithubActions(env: Environment): boolean {
  return env['GITHUB_ACTIONS'] === 'true'
}
