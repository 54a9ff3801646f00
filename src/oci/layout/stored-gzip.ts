import { crc32 } from 'node:zlib'

const MAX_STORED_BYTES = 65_535

/**
 * A gzip member (RFC 1952) of stored blocks (RFC 1951 §3.2.4): nothing is compressed, so the bytes are the same on
 * every runtime and version of zlib. Adds 5 bytes a block of 65,535 and 18 once.
 */
export function storedGzip(data: Uint8Array): Buffer {
  const parts: Uint8Array[] = [Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff)]
  let offset = 0
  do {
    const block = data.subarray(offset, offset + MAX_STORED_BYTES)
    offset += block.byteLength
    const header = Buffer.alloc(5)
    header[0] = offset === data.byteLength ? 1 : 0
    header.writeUInt16LE(block.byteLength, 1)
    header.writeUInt16LE(~block.byteLength & 0xffff, 3)
    parts.push(header, block)
  } while (offset < data.byteLength)
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc32(data), 0)
  trailer.writeUInt32LE(data.byteLength % 2 ** 32, 4)
  return Buffer.concat([...parts, trailer])
}
