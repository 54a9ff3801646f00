export { acceptHttp2 } from './server/accept-http2.ts'
