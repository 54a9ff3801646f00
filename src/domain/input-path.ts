/** Why a path cannot be the path of an input (DESIGN §5.3), or undefined where it can. */
export function inputPathFault(path: string): string | undefined {
  if (path === '') return 'it is empty'
  if (path !== path.normalize('NFC')) return 'its Unicode is not in normal form C'
  if (path.includes('\\')) return 'it has a backslash'
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'it has a control character'
  if (path.startsWith('/')) return 'it is absolute'
  if (path.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return 'it has an empty, `.` or `..` segment'
  }
  return undefined
}
