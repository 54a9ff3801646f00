/** What a reader accepts before it looks at the content of an archive. */
export interface ReaderLimits {
  readonly maxSizeBytes: number
  readonly maxEntries: number
  readonly maxManifestBytes: number
  readonly maxPathBytes: number
}

export const defaultLimits: ReaderLimits = {
  maxSizeBytes: 512 * 1024 * 1024,
  maxEntries: 50_000,
  maxManifestBytes: 32 * 1024 * 1024,
  maxPathBytes: 255,
}
