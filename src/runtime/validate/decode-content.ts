import {
  brotliDecompressSync,
  gunzipSync,
  inflateSync,
  zstdDecompressSync,
  type ZlibOptions,
} from 'node:zlib'

type Decoder = (body: Buffer, options: ZlibOptions) => Buffer

/** The content codings of RFC 9110 §8.4.1 and of Brotli and Zstandard (RFC 7932, RFC 8878). */
const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['identity', (body) => body],
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', (body, { maxOutputLength }) => brotliDecompressSync(body, limited(maxOutputLength))],
  ['zstd', (body, { maxOutputLength }) => zstdDecompressSync(body, limited(maxOutputLength))],
])

function limited(maxOutputLength: number | undefined) {
  return maxOutputLength === undefined ? {} : { maxOutputLength }
}

/** True for a content coding (of `Content-Encoding`, in lower case) that {@link decodeContent} reads. */
export function isKnownCoding(coding: string): boolean {
  return decoders.has(coding)
}

/** What a body is without its content coding; it never becomes larger than the limit. */
export function decodeContent(
  body: Buffer,
  coding: string,
  maxBytes: number,
): Buffer | 'too-large' | 'malformed' {
  try {
    return (decoders.get(coding) as Decoder)(body, { maxOutputLength: maxBytes })
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'malformed'
  }
}
