/** Size of a block of the ustar interchange format (POSIX.1-1988 §10.1.1). */
export const BLOCK_BYTES = 512

export interface HeaderFields {
  readonly path: string
  readonly sizeBytes: number
  readonly mtimeSeconds: number
}

const NAME_BYTES = 100
const PREFIX_BYTES = 155

/**
 * The one valid ustar header of an entry: regular file, mode 0644, uid and gid 0, empty names, and for a path over
 * 100 bytes the shortest prefix that lets the rest fit.
 *
 * @throws {RangeError} when the path or a number does not fit the format.
 */
export function encodeHeader({ path, sizeBytes, mtimeSeconds }: HeaderFields): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES)
  const [prefix, name] = splitPath(path)
  name.copy(header, 0)
  header.write('0000644\0', 100, 'latin1')
  header.write('0000000\0', 108, 'latin1')
  header.write('0000000\0', 116, 'latin1')
  header.write(octal(sizeBytes), 124, 'latin1')
  header.write(octal(mtimeSeconds), 136, 'latin1')
  header.write('        0', 148, 'latin1')
  header.write('ustar\x0000', 257, 'latin1')
  header.write('0000000\0', 329, 'latin1')
  header.write('0000000\0', 337, 'latin1')
  prefix.copy(header, 345)
  let sum = 0
  for (const byte of header) sum += byte
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}

/**
 * Reads the fields of a header without judging it; {@link encodeHeader} of the result tells whether it was valid.
 * A field that is no number reads as -1, which no valid header encodes.
 */
export function decodeHeader(block: Buffer): HeaderFields {
  const name = cString(block.subarray(0, NAME_BYTES))
  const prefix = cString(block.subarray(345, 345 + PREFIX_BYTES))
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    sizeBytes: parseOctal(block.subarray(124, 136)),
    mtimeSeconds: parseOctal(block.subarray(136, 148)),
  }
}

/** True where the path of an entry fits into a header. */
export function isEntryPath(path: string): boolean {
  const bytes = Buffer.from(path)
  return bytes.byteLength <= NAME_BYTES || isSplittable(bytes)
}

function isSplittable(bytes: Buffer): boolean {
  const slash = slashBeforeName(bytes)
  return slash >= 1 && slash <= PREFIX_BYTES
}

function slashBeforeName(bytes: Buffer): number {
  return bytes.indexOf(0x2f, bytes.byteLength - NAME_BYTES - 1)
}

function splitPath(path: string): readonly [prefix: Buffer, name: Buffer] {
  const bytes = Buffer.from(path)
  if (bytes.byteLength <= NAME_BYTES) return [Buffer.alloc(0), bytes]
  const slash = slashBeforeName(bytes)
  if (!isSplittable(bytes)) throw new RangeError(`The path ${path} is too long for the format`)
  return [bytes.subarray(0, slash), bytes.subarray(slash + 1)]
}

function octal(value: number): string {
  const digits = value.toString(8)
  if (!Number.isSafeInteger(value) || value < 0 || digits.length > 11) {
    throw new RangeError(`${value} does not fit a header field`)
  }
  return `${digits.padStart(11, '0')}\0`
}

function parseOctal(field: Buffer): number {
  const match = /^([0-7]{11})\0$/.exec(field.toString('latin1'))
  return match?.[1] === undefined ? -1 : Number.parseInt(match[1], 8)
}

function cString(field: Buffer): string {
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end === -1 ? field.byteLength : end)
}
