export { acceptHttp2 } from './server/accept-http2.ts'
export { SessionPool } from './upstream/session-pool.ts'
