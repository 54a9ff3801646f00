import { defaultLimits } from '../../artifact/index.ts'

const MEBIBYTE = 1024 * 1024

/** What is accepted of layouts and registries before a byte of it is believed. */
export const ociLimits = {
  /** The limit that the distribution specification names for manifests. */
  maxManifestBytes: 4 * MEBIBYTE,
  maxConfigBytes: 4 * MEBIBYTE,
  maxAttachmentBytes: 64 * MEBIBYTE,
  maxReferrers: 256,
  maxArtifactBytes: defaultLimits.maxSizeBytes,
  /** A layer holds the artifact, the SBOM, and the framing of tar and gzip. */
  maxLayerBytes: defaultLimits.maxSizeBytes + 80 * MEBIBYTE,
  maxPluginBytes: 128 * MEBIBYTE,
  /** The largest public description (GitHub) has 13 MB. */
  maxDocumentBytes: 32 * MEBIBYTE,
  maxAnswerBytes: MEBIBYTE,
} as const
