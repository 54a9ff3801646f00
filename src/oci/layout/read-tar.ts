const BLOCK_BYTES = 512

export interface TarMember {
  /** Without a leading `./` and trailing slash. */
  readonly path: string
  readonly folder: boolean
  /** Of its content in the archive. */
  readonly offset: number
  readonly sizeBytes: number
}

/** An archive that is read piece by piece: a buffer or a file. */
export interface RandomAccess {
  readonly sizeBytes: number
  /** Up to `length` bytes from `offset`; fewer only at the end. */
  readonly read: (offset: number, length: number) => Promise<Buffer>
}

/** An archive does not have the form that {@link readTar} accepts. */
export class TarError extends Error {}

/** An archive held in memory. */
export function bufferAccess(bytes: Buffer): RandomAccess {
  return {
    sizeBytes: bytes.byteLength,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  }
}

/**
 * Lists the files and folders of a tar archive: ustar, and the pax headers (POSIX.1-2001) that tools add for times
 * and attributes. Links, devices, sparse files, headers that rename or resize, `..` and duplicates are refused.
 *
 * @throws {TarError}
 */
export async function readTar(archive: RandomAccess, maxMembers: number): Promise<readonly TarMember[]> {
  const members: TarMember[] = []
  const seen = new Set<string>()
  for (let offset = 0; ;) {
    const block = await archive.read(offset, BLOCK_BYTES)
    if (block.byteLength < BLOCK_BYTES) throw new TarError('it ends before its end marker')
    if (block.every((byte) => byte === 0)) return members
    const header = parseHeader(block)
    const start = offset + BLOCK_BYTES
    if (start + header.sizeBytes > archive.sizeBytes) throw new TarError(`it ends within ${header.path}`)
    if (header.type === 'pax') {
      await refuseOverrides(archive, start, header.sizeBytes)
    } else {
      const path = cleanPath(header.path)
      if (seen.has(path)) throw new TarError(`it holds ${path} twice`)
      seen.add(path)
      members.push({ path, folder: header.type === 'folder', offset: start, sizeBytes: header.sizeBytes })
      if (members.length > maxMembers) throw new TarError(`it has more than ${maxMembers} entries`)
    }
    offset = start + Math.ceil(header.sizeBytes / BLOCK_BYTES) * BLOCK_BYTES
  }
}

const types: Readonly<Record<string, 'file' | 'folder' | 'pax'>> = {
  '0': 'file',
  '\0': 'file',
  '5': 'folder',
  x: 'pax',
  g: 'pax',
}

function parseHeader(block: Buffer) {
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0)
  if (parseOctal(block.subarray(148, 156)) !== sum) throw new TarError('a header has a wrong checksum')
  const type = types[block.toString('latin1', 156, 157)]
  const prefix = text(block.subarray(345, 500))
  const name = text(block.subarray(0, 100))
  const ustar = block.toString('latin1', 257, 262) === 'ustar' && block[262] === 0
  const path = ustar && prefix !== '' ? `${prefix}/${name}` : name
  if (type === undefined) throw new TarError(`${path} is neither a file nor a folder`)
  const sizeBytes = parseSize(block.subarray(124, 136))
  if (type === 'folder' && sizeBytes !== 0) throw new TarError(`the folder ${path} has content`)
  return { path, type, sizeBytes }
}

async function refuseOverrides(archive: RandomAccess, offset: number, sizeBytes: number): Promise<void> {
  if (sizeBytes > 1024 * 1024) throw new TarError('an extended header is over 1 MiB')
  const records = (await archive.read(offset, sizeBytes)).toString('utf8')
  if (/^\d+ (path|linkpath|size|GNU\.sparse[^=]*)=/m.test(records)) {
    throw new TarError('an extended header renames or resizes an entry')
  }
}

function cleanPath(path: string): string {
  const clean = path.replace(/^\.\//, '').replace(/\/$/, '')
  if (path.includes('\0') || clean.startsWith('/') || clean.split('/').includes('..')) {
    throw new TarError(`the path ${JSON.stringify(path)} leaves the archive`)
  }
  return clean
}

function parseSize(field: Buffer): number {
  if (field[0] === 0x80) {
    const size = Number(field.readBigUInt64BE(4))
    if (Number.isSafeInteger(size)) return size
  }
  return parseOctal(field)
}

function parseOctal(field: Buffer): number {
  const match = /^ *([0-7]+)[ \0]*$/.exec(field.toString('latin1'))
  if (match?.[1] === undefined) throw new TarError('a header has a field that is no number')
  return Number.parseInt(match[1], 8)
}

function text(field: Buffer): string {
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end === -1 ? field.byteLength : end)
}
