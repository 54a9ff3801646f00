export { createAdminHandler } from './admin-handler.ts'
export type { NodeIdentity, NodeKey } from './attest-node.ts'
export type { SignatureStatus } from './provenance.ts'
