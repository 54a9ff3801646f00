import type { SyntaxFault } from './syntax-fault.ts'

/** The text of the bytes of a file without its byte order mark, and what is wrong with its encoding. */
export function decodeText(bytes: Uint8Array): {
  readonly text: string
  readonly faults: readonly SyntaxFault[]
} {
  const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const hasMark = decoded.startsWith('\uFEFF')
  const text = hasMark ? decoded.slice(1) : decoded
  const invalidAt = text.includes('\uFFFD') ? findInvalid(text, bytes.subarray(hasMark ? 3 : 0)) : undefined
  const faults: SyntaxFault[] = []
  if (hasMark) faults.push(byteOrderMark)
  if (invalidAt !== undefined) faults.push(invalidUtf8(bytes, invalidAt))
  return { text, faults }
}

const byteOrderMark: SyntaxFault = {
  severity: 'warning',
  message: 'The file begins with a byte order mark',
  hint: 'Save it as UTF-8 without BOM.',
  start: 0,
}

function invalidUtf8(bytes: Uint8Array, start: number): SyntaxFault {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  return {
    severity: 'error',
    message: isUtf16 ? 'The file is UTF-16, not UTF-8' : 'The file is not valid UTF-8 at this place',
    hint: 'Save it as UTF-8.',
    start,
  }
}

/** The decoder writes U+FFFD for what it cannot read; the first one that the bytes do not hold is the fault. */
function findInvalid(text: string, bytes: Uint8Array): number | undefined {
  let byteOffset = 0
  let from = 0
  for (let at = text.indexOf('\uFFFD'); at !== -1; at = text.indexOf('\uFFFD', from)) {
    byteOffset += Buffer.byteLength(text.slice(from, at))
    const isWritten =
      bytes[byteOffset] === 0xef && bytes[byteOffset + 1] === 0xbf && bytes[byteOffset + 2] === 0xbd
    if (!isWritten) return at
    byteOffset += 3
    from = at + 1
  }
  return undefined
}
