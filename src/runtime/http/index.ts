export { formatAddress, parseListenAddress, type ListenAddress } from './address.ts'
export { connectionOptions, Fields, fieldLines, isFieldValue, type RawHeaders } from './fields.ts'
export { fieldSet, HOP_BY_HOP, Known, knownField } from './known-field.ts'
export { defaultHttpLimits, type HttpLimits } from './limits.ts'
export type {
  BodyFault,
  BodyFlow,
  BodyReader,
  BodySink,
  GatewayRequest,
  HttpListener,
  RefusalHandler,
  Reply,
  ResponseHead,
} from './port.ts'
export { plainProblem, problemResponse, PROBLEM_HEADERS, type ErrorKindName } from './problem-response.ts'
export { createProxyTrust, type ProxyTrust } from './proxy-trust.ts'
export { fixedHead, forwardedHead } from './response-head.ts'
export { bind } from './listen.ts'
export { listenHttp } from './server/listener.ts'
export type { ListenerTls } from './server/tls-server.ts'
export {
  isIdempotent,
  type BodySource,
  type UpstreamCall,
  type UpstreamFault,
  type UpstreamHandler,
} from './upstream/upstream-call.ts'
export type { UpstreamTls } from './upstream/open-socket.ts'
export { originFault, UpstreamPool, type UpstreamClient } from './upstream/upstream-pool.ts'
export { Watch } from './watch.ts'
