import type { Exchange } from './exchange.ts'

/**
 * Answers an exchange, at once or later. A dispatcher is a handler; a middleware makes a handler of the next one, so
 * that a route's chain is composed once, when the artifact is loaded.
 */
export type Handler = (exchange: Exchange) => void
