export { followArtifact } from './follow-artifact.ts'
export { createReloader, type Reloader, type ReloadResult } from './reloader.ts'
