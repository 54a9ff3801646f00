import type { ClientSessionOptions, ServerSessionOptions } from 'node:http2'

/** What a service may send of an answer before the client takes it, for each stream and for all of a connection. */
const STREAM_WINDOW_BYTES = 256 * 1024
export const CONNECTION_WINDOW_BYTES = 4 * 1024 * 1024

/** Requests that are under way at once on a connection, whatever more the service allows. */
export const MAX_STREAMS = 256
/** What nghttp2 holds a service to; heads as over HTTP/1.1. */
export const sessionOptions: ClientSessionOptions & Pick<ServerSessionOptions, 'strictSingleValueFields'> = {
  settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES, maxHeaderListSize: 64 * 1024 },
  maxHeaderListPairs: 200,
  maxSessionMemory: 128,
  // A service may repeat a field that has one value; over HTTP/1.1 it passes, too.
  strictSingleValueFields: false,
}
