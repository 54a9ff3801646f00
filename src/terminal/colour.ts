/** What decides whether text for one stream is coloured. */
export interface ColourFacts {
  /** `--no-color` was given. */
  readonly noColorFlag: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isTty: boolean
}

const CI_THAT_RENDERS_ANSI = ['GITHUB_ACTIONS', 'GITLAB_CI', 'BUILDKITE', 'CIRCLECI']

/**
 * Whether to colour, the strongest word first: flag, NO_COLOR (no-color.org: set and not empty), FORCE_COLOR,
 * TERM=dumb, a terminal, a CI whose log view renders ANSI.
 */
export function isColoured({ noColorFlag, env, isTty }: ColourFacts): boolean {
  if (noColorFlag || isSet(env['NO_COLOR'])) return false
  const forced = env['FORCE_COLOR']
  if (isSet(forced)) return forced !== '0' && forced !== 'false'
  if (env['TERM'] === 'dumb') return false
  return isTty || CI_THAT_RENDERS_ANSI.some((name) => isSet(env[name]))
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}
