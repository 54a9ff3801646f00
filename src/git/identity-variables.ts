/** Who commits and when; simple-git keeps every other variable of git from it. */
export const IDENTITY_VARIABLES = ['AUTHOR', 'COMMITTER'].flatMap((role) =>
  ['NAME', 'EMAIL', 'DATE'].map((what) => `GIT_${role}_${what}`),
)
