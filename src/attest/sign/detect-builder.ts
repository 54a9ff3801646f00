import { builderIds, type Builder } from '../statement/statement.ts'

/** Where this process runs, by the variables of GitHub Actions and GitLab CI; `local` anywhere else. */
export function detectBuilder(env: Readonly<Record<string, string | undefined>>): Builder {
  if (env['GITHUB_ACTIONS'] === 'true') {
    const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env
    const attempt = env['GITHUB_RUN_ATTEMPT'] ?? '1'
    if (!server || !repository || !run) return { id: builderIds.githubActions }
    // The form of the certificate extension 1.3.6.1.4.1.57264.1.21 (run invocation URI).
    const invocationId = `${server}/${repository}/actions/runs/${run}/attempts/${attempt}`
    return { id: builderIds.githubActions, invocationId }
  }
  if (env['GITLAB_CI'] === 'true') {
    const url = env['CI_JOB_URL']
    return { id: builderIds.gitlabCi, ...(url ? { invocationId: url } : {}) }
  }
  return { id: builderIds.local }
}
