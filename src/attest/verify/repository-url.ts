/**
 * One form for the addresses of a repository: `https://host/path` without user, port 22, `.git` or trailing slash,
 * so that `git@github.com:acme/gw.git` and `https://github.com/acme/gw` compare equal. Other text stays as it is.
 */
export function repositoryUrl(address: string): string {
  const scp = /^(?:[^@/:]+@)?([^/:]+):(?!\/)(.+)$/.exec(address)
  const text = scp === null ? address : `https://${scp[1]}/${scp[2]}`
  if (!URL.canParse(text)) return address
  const { protocol, hostname, port, pathname } = new URL(text)
  if (!['https:', 'http:', 'ssh:', 'git:'].includes(protocol)) return address
  const host = protocol === 'ssh:' || port === '' ? hostname : `${hostname}:${port}`
  return `https://${host}${pathname.replace(/\/+$/, '').replace(/\.git$/, '')}`
}
