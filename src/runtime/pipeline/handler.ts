import type { Exchange } from './exchange.ts'

/**
 * Answers an exchange, at once or later; what goes wrong later goes to {@link Exchange.fail}. A dispatcher is a handler.
 */
export type Handler = (exchange: Exchange) => void

/**
 * Makes a handler of the next one, so that a route's chain is composed once, when the artifact is loaded. For each
 * exchange it
 *
 * - calls `next(exchange)`, at once or later, having changed `exchange.request.headers`, `path`, `query` or the body
 *   where it wants to; or answers by itself and does not call `next`;
 * - may register with {@link Exchange.onResponse} before, to see and change whatever answer follows;
 * - may register with {@link Exchange.onClose}, to learn how it ended.
 */
export type Middleware = (next: Handler) => Handler
