/** A place in a text file. Lines and columns count from 1; columns are UTF-16 code units, as editors count. */
export interface Location {
  /** POSIX path relative to the project root (or as the user named it). */
  readonly file: string
  readonly line: number
  readonly col: number
  readonly endLine?: number
  readonly endCol?: number
  /** JSON Pointer (RFC 6901) of the value, where the file is a document. */
  readonly pointer?: string
}

/** `file:line:col`, as compilers and editors print it. */
export function formatLocation(at: Location): string {
  return `${at.file}:${at.line}:${at.col}`
}
