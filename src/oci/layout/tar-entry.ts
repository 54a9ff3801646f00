const BLOCK_BYTES = 512
const NAME_BYTES = 100

export interface TarEntry {
  /** POSIX path of at most 100 bytes; a folder ends with a slash. */
  readonly path: string
  readonly mode: number
  readonly sizeBytes: number
  readonly mtimeSeconds: number
}

/** The two zero blocks that end an archive. */
export const tarEnd: Uint8Array = new Uint8Array(2 * BLOCK_BYTES)

/** The zeros that fill the last block of content of this size. */
export function tarPadding(sizeBytes: number): Uint8Array {
  return new Uint8Array(Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES - sizeBytes)
}

/**
 * A ustar header (POSIX.1-1988 §10.1.1) with owner 0 and empty owner names. Sizes from 8 GiB on take the base-256
 * form of GNU tar, which every reader of container layers understands.
 *
 * @throws {RangeError} when the path or a number does not fit.
 */
export function tarHeader({ path, mode, sizeBytes, mtimeSeconds }: TarEntry): Buffer {
  const name = Buffer.from(path)
  if (name.byteLength === 0 || name.byteLength > NAME_BYTES)
    throw new RangeError(`${path} does not fit a tar header`)
  const header = Buffer.alloc(BLOCK_BYTES)
  name.copy(header)
  header.write(octal(mode, 7), 100, 'latin1')
  header.write(octal(0, 7), 108, 'latin1')
  header.write(octal(0, 7), 116, 'latin1')
  writeSize(header, sizeBytes)
  header.write(octal(mtimeSeconds, 11), 136, 'latin1')
  header.write(`        ${path.endsWith('/') ? '5' : '0'}`, 148, 'latin1')
  header.write('ustar\x0000', 257, 'latin1')
  header.write(octal(0, 7), 329, 'latin1')
  header.write(octal(0, 7), 337, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}

/** An archive of entries held in memory. */
export function tarArchive(
  entries: readonly { readonly path: string; readonly mode: number; readonly bytes?: Uint8Array }[],
  mtimeSeconds: number,
): Buffer {
  const members = entries.flatMap(({ path, mode, bytes = new Uint8Array() }) => [
    tarHeader({ path, mode, sizeBytes: bytes.byteLength, mtimeSeconds }),
    bytes,
    tarPadding(bytes.byteLength),
  ])
  return Buffer.concat([...members, tarEnd])
}

function writeSize(header: Buffer, sizeBytes: number): void {
  if (sizeBytes < 8 ** 11) {
    header.write(octal(sizeBytes, 11), 124, 'latin1')
    return
  }
  header.writeUInt8(0x80, 124)
  header.writeBigUInt64BE(BigInt(sizeBytes), 128)
}

function octal(value: number, digits: number): string {
  const text = value.toString(8)
  if (!Number.isSafeInteger(value) || value < 0 || text.length > digits) {
    throw new RangeError(`${value} does not fit a tar header`)
  }
  return `${text.padStart(digits, '0')}\0`
}
