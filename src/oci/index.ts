export type { AttachedFile } from './layout/attachments.ts'
export type { Platform } from './content/descriptor.ts'
export type { ImageGraph } from './content/image-graph.ts'
export { applyLayout } from './layout/apply-layout.ts'
export { attachToImage, type AttachmentFiles } from './layout/attach-to-image.ts'
export { attachmentFiles } from './layout/image-attachments.ts'
export { parseLayoutReference } from './layout/layout-reference.ts'
export { imageShapes, planImage, type ImagePlan } from './layout/plan-image.ts'
export { readLayout } from './layout/read-layout.ts'
export { ociProblems } from './problems.ts'
export {
  downloadDocument,
  openPinnedDocument,
  publicLookup,
  type InsecureHosts,
} from './registry/download-document.ts'
export { downloadPlugin } from './registry/download-plugin.ts'
export { fetchArtifact, type FetchedArtifact } from './registry/fetch-artifact.ts'
export { fetchPlugin } from './registry/fetch-plugin.ts'
export { pullImage } from './registry/pull-image.ts'
export { pushImage, type PushedImage } from './registry/push-image.ts'
export { formatReference, isTag, parseReference, type ImageReference } from './registry/reference.ts'
export type { RegistryHost } from './registry/registry-host.ts'
export type { UploadProgress } from './registry/upload-blob.ts'
export { resolveBase } from './resolve-base.ts'
