export { createAdminHandler } from './admin-handler.ts'
export type { SignatureStatus } from './provenance.ts'
