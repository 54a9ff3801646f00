import type { Release } from '../../config/index.ts'

/** Why a pin is changed. */
export type ReleaseAction =
  | { readonly kind: 'release' }
  | { readonly kind: 'promote'; readonly from: string }
  | { readonly kind: 'rollback'; readonly to: string }

const SHORT_DIGITS = 12

/**
 * The message of the commit that pins a release: a line for people, the reason, and trailers (git-interpret-trailers(1))
 * for programs.
 */
export function releaseMessage(
  action: ReleaseAction,
  environment: string,
  { artifactDigest, reason }: Release,
): string {
  const short = artifactDigest.slice('sha256:'.length).slice(0, SHORT_DIGITS)
  const trailers = [
    `Release-Action: ${action.kind}`,
    `Release-Environment: ${environment}`,
    `Release-Artifact: ${artifactDigest}`,
    ...(action.kind === 'promote' ? [`Release-From: ${action.from}`] : []),
    ...(action.kind === 'rollback' ? [`Release-To: ${action.to}`] : []),
  ]
  const subjects = {
    release: `Release ${short} to ${environment}`,
    promote: `Promote ${short} from ${action.kind === 'promote' ? action.from : ''} to ${environment}`,
    rollback: `Roll ${environment} back to ${short}`,
  }
  return [subjects[action.kind], ...(reason === null ? [] : [reason]), trailers.join('\n')].join('\n\n')
}

/** What a commit says of itself; undefined where it was made by hand. */
export function actionOf(trailers: ReadonlyMap<string, readonly string[]>): string | undefined {
  const action = trailers.get('Release-Action')?.at(-1)
  return action !== undefined && ['release', 'promote', 'rollback'].includes(action) ? action : undefined
}
