/**
 * The URL of a remote as others may know it: user names, passwords, queries and fragments are left out. A path on this
 * machine says nothing to anybody else and gives null.
 */
export function publicSourceUrl(remote: string | null): string | null {
  const text = remote?.trim() ?? ''
  if (/^(?:https?|ssh|git):\/\//i.test(text)) return stripUrl(text)
  // The scp-like form of git-clone(1): [user@]host:path; one letter before the colon is a Windows drive.
  const scp = /^(?:[^@/\\]*@)?([^:/@\\]{2,}:(?!\/\/)[^?#]+)$/.exec(text)?.[1]
  return scp === undefined ? null : `${text.startsWith('git@') ? 'git@' : ''}${scp}`
}

function stripUrl(text: string): string | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  return `${url.protocol}//${url.host}${url.pathname}`
}
