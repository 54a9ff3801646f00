import type { Blob } from './blob.ts'
import type { Descriptor } from './descriptor.ts'

/** A manifest and the content it names directly. */
export interface StoredManifest {
  readonly descriptor: Descriptor
  readonly bytes: Uint8Array
  /** Configuration first, then the layers. */
  readonly blobs: readonly Blob[]
}

/** An image with what is attached to it: all that a layout holds or a push sends. */
export interface ImageGraph {
  readonly image: StoredManifest
  /** Manifests whose `subject` is the image. */
  readonly referrers: readonly StoredManifest[]
  readonly tags: readonly string[]
}
