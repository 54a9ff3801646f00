import { isObject, isRemoteDocument, nounOf } from '../../domain/index.ts'
import { unknownKeys } from '../faults.ts'
import { parseManifestText, type Fault, type ManifestDocument } from '../manifest-document.ts'
import type { DocumentPin, Lock } from './lock.ts'

const LOCK_VERSION = 1
const AGAIN = 'Run `barbacane lock`, which writes the file; it is not meant to be edited.'
const SHA256 = /^[0-9a-f]{64}$/
const MEDIA_TYPE = /^[\w.+-]{1,127}\/[\w.+-]{1,127}$/

/** Reads the text of a lock; every fault is listed. The published JSON Schema accepts the same shapes. */
export function readLock(
  path: string,
  bytes: Uint8Array,
): { readonly lock: Lock; readonly document: ManifestDocument; readonly faults: readonly Fault[] } {
  const document = parseManifestText(path, new TextDecoder().decode(bytes))
  const { documents, faults } =
    document.syntax.length > 0 ? { documents: new Map(), faults: [] } : readContent(document.value)
  const locate = (url: string) => document.locate(['documents', url], 'key')
  return { lock: { path, bytes, documents, locate }, document, faults }
}

function readContent(value: unknown): {
  readonly documents: ReadonlyMap<string, DocumentPin>
  readonly faults: readonly Fault[]
} {
  if (!isObject(value)) {
    const fault = { at: [], message: `The lock is ${nounOf(value)}, not an object`, hint: AGAIN }
    return { documents: new Map(), faults: [fault] }
  }
  const faults: Fault[] = [...unknownKeys([], value, ['version', 'documents'])]
  const { version, documents } = value
  if (version !== LOCK_VERSION) {
    const hint = 'Use the version of barbacane that wrote it, or write it again with `barbacane lock`.'
    const message = `The version of the lock is ${nounOf(version ?? null)}, not ${LOCK_VERSION}`
    faults.push({ at: ['version'], message, hint })
  }
  if (!isObject(documents)) {
    const message = `\`documents\` is ${nounOf(documents ?? null)}, not an object`
    return { documents: new Map(), faults: [...faults, { at: ['documents'], message, hint: AGAIN }] }
  }
  const pins = new Map<string, DocumentPin>()
  for (const [url, pin] of Object.entries(documents)) {
    const found = [...urlFaults(url), ...pinFaults(url, pin)]
    if (found.length === 0) pins.set(url, toPin(pin as Record<string, unknown>))
    faults.push(...found)
  }
  return { documents: pins, faults }
}

function urlFaults(url: string): readonly Fault[] {
  const parsed = isRemoteDocument(url) && URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.href === url && parsed.hash === '' && parsed.username === '' && parsed.password === '')
    return []
  const message = 'The key is no URL of a document in its normal form, without fragment and credentials'
  return [{ at: ['documents', url], part: 'key', message, hint: AGAIN }]
}

function pinFaults(url: string, pin: unknown): readonly Fault[] {
  const at = ['documents', url]
  const fault = (key: string, expected: string, value: unknown): Fault => {
    return {
      at: [...at, key],
      message: `\`${key}\` is ${nounOf(value ?? null)}, not ${expected}`,
      hint: AGAIN,
    }
  }
  if (!isObject(pin)) return [{ at, message: `The entry is ${nounOf(pin)}, not an object`, hint: AGAIN }]
  const { sha256, size, media_type: mediaType } = pin
  const isSize = typeof size === 'number' && Number.isSafeInteger(size) && size >= 0
  const isMediaType = mediaType === null || (typeof mediaType === 'string' && MEDIA_TYPE.test(mediaType))
  return [
    ...unknownKeys(at, pin, ['sha256', 'size', 'media_type']),
    ...(typeof sha256 === 'string' && SHA256.test(sha256)
      ? []
      : [fault('sha256', '64 lower-case hex digits', sha256)]),
    ...(isSize ? [] : [fault('size', 'a number of bytes', size)]),
    ...(isMediaType ? [] : [fault('media_type', 'a media type or null', mediaType)]),
  ]
}

function toPin({ sha256, size, media_type: mediaType }: Record<string, unknown>): DocumentPin {
  return {
    sha256: String(sha256),
    sizeBytes: Number(size),
    mediaType: typeof mediaType === 'string' ? mediaType : null,
  }
}
