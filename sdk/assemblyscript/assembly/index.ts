export { Json, Kind, quote } from './json'
export { Headers, Request, Response } from './messages'
export { Middleware, Dispatcher, useMiddleware, useDispatcher } from './plugin'
export {
  Body,
  Log,
  Context,
  Clock,
  uuid,
  secret,
  Http,
  HttpAnswer,
  rateLimit,
  Cache,
  Metrics,
  verifySignature,
} from './services'
