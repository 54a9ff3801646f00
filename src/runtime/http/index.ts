export { formatAddress, parseListenAddress, type ListenAddress } from './address.ts'
export { connectionOptions } from './connection-options.ts'
export { Fields, fieldLines, isFieldValue, type RawHeaders } from './fields.ts'
export { fieldSet, HOP_BY_HOP, Known, knownField, knownName, type KnownField } from './known-field.ts'
export { defaultHttpLimits, type HttpLimits } from './limits.ts'
export { noticeReset } from './notice-reset.ts'
export type {
  BodyFault,
  BodyFlow,
  BodyReader,
  BodySink,
  GatewayRequest,
  EngineFault,
  HttpListener,
  RefusalHandler,
  ProtocolFault,
  Reply,
  RequestHandler,
  ResponseHead,
} from './port.ts'
export { plainProblem, problemResponse, PROBLEM_HEADERS, type ErrorKindName } from './problem-response.ts'
export { createProxyTrust, type ProxyTrust } from './proxy-trust.ts'
export { fixedHead, forwardedHead } from './response-head.ts'
export { parseRequestTarget } from './request-target.ts'
export { bind } from './listen.ts'
export { STATUS_CODES, validateHeaderName, validateHeaderValue } from './node-http.ts'
export type { ConnectionScope, ListenerConnection } from './server/connection-scope.ts'
export { IncomingRequest, type RequestSource } from './server/incoming-request.ts'
export { listenHttp, type AcceptHttp2 } from './server/listener.ts'
export { HOST, isDisguise, type RequestHead } from './server/request-head.ts'
export { SlowRead, type Written } from './server/slow-read.ts'
export type { ListenerTls } from './server/tls-server.ts'
export { ConnectionPool, type UpstreamClient, type UpstreamOptions } from './upstream/connection-pool.ts'
export type { ConnectionTimes } from './upstream/connection-times.ts'
export {
  faultOf,
  isIdempotent,
  UpstreamCall,
  type BodySource,
  type CallCarrier,
  type UpstreamFault,
  type UpstreamHandler,
  type UpstreamRequest,
} from './upstream/upstream-call.ts'
export { socketConnector, type ConnectSocket, type UpstreamTls } from './upstream/open-socket.ts'
export { UpgradeClient } from './upstream/upgrade-client.ts'
export { originFault, UpstreamPool } from './upstream/upstream-pool.ts'
export { acceptsTrailers, TrailerSection } from './trailer-section.ts'
export { Watch, type Watched } from './watch.ts'
