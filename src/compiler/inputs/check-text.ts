import type { Finding } from '../../domain/index.ts'
import { inputFault, startOf } from './input-fault.ts'

const CR = 0x0d
const LF = 0x0a
const LFS_POINTER = Buffer.from('version https://git-lfs.github.com/spec/')

/** What makes the bytes of a text file others than those that are committed (DESIGN §5.3). */
export function checkTextBytes(file: string, bytes: Uint8Array): readonly Finding[] {
  const pointer = checkLfsPointer(file, bytes)
  if (pointer.length > 0) return pointer
  const at = indexOfCrLf(bytes)
  if (at === -1) return []
  const before = Buffer.from(bytes.buffer, bytes.byteOffset, at).toString('latin1')
  const line = before.split('\n').length
  const hint =
    'Git wrote them when it checked the file out: add the line `* text=auto eol=lf` to .gitattributes, ' +
    'run `git add --renormalize .` and check the file out again.'
  const message = 'The lines end with CR LF, so that the fingerprint would differ from machine to machine'
  return [inputFault({ file, line, col: at - before.lastIndexOf('\n') }, message, hint)]
}

/** A pointer of git LFS stands where the file itself should. */
export function checkLfsPointer(file: string, bytes: Uint8Array): readonly Finding[] {
  const start = Buffer.from(
    bytes.buffer,
    bytes.byteOffset,
    Math.min(bytes.byteLength, LFS_POINTER.byteLength),
  )
  if (!start.equals(LFS_POINTER)) return []
  const hint =
    'Run `git lfs pull`, or take the `filter=lfs` of this file out of .gitattributes and commit the file itself.'
  return [inputFault(startOf(file), 'The file is a pointer of git LFS, not the file itself', hint)]
}

function indexOfCrLf(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(CR); at !== -1; at = bytes.indexOf(CR, at + 1))
    if (bytes[at + 1] === LF) return at
  return -1
}
