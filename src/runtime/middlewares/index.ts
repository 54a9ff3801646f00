export { createChains } from './chain.ts'
export { isNativeMiddleware } from './create-middlewares.ts'
export { createMiddlewareState, type MiddlewareState } from './middleware-state.ts'
export { createOutbound, type Outbound } from './outbound.ts'
