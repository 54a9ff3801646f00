export type { AttachedFile } from './layout/attachments.ts'
export type { Platform } from './content/descriptor.ts'
export type { ImageGraph } from './content/image-graph.ts'
export { applyLayout } from './layout/apply-layout.ts'
export { attachToImage, type AttachmentFiles } from './layout/attach-to-image.ts'
export { attachmentFiles } from './layout/image-attachments.ts'
export { parseLayoutReference, type LayoutReference } from './layout/layout-reference.ts'
export {
  imageShapes,
  planImage,
  type ImageOptions,
  type ImagePlan,
  type ImageShape,
} from './layout/plan-image.ts'
export { readLayout, type LayoutImage } from './layout/read-layout.ts'
export { ociProblems } from './problems.ts'
export { fetchArtifact, type FetchedArtifact, type FetchOptions } from './registry/fetch-artifact.ts'
export { fetchPlugin, type FetchedPlugin } from './registry/fetch-plugin.ts'
export { pullImage, type PulledImage } from './registry/pull-image.ts'
export { pushImage, type PushedImage, type PushOptions } from './registry/push-image.ts'
export { formatReference, isTag, parseReference, type ImageReference } from './registry/reference.ts'
export type { RegistryHost, RegistryOptions } from './registry/registry-host.ts'
export type { UploadProgress } from './registry/upload-blob.ts'
export { resolveBase } from './resolve-base.ts'
