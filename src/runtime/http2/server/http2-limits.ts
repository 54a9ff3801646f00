import type { ServerSessionOptions } from 'node:http2'

import type { HttpLimits } from '../../http/index.ts'

/** Requests that a connection may have under way at once. */
const MAX_STREAMS = 128
/** What a client may send of a body before it is read. */
const STREAM_WINDOW_BYTES = 128 * 1024
export const CONNECTION_WINDOW_BYTES = 1024 * 1024

/**
 * How often, for each second, a client may give up requests that it has sent (CVE-2023-44487), and how often it may send frames
 * that only ask for an answer (CVE-2019-9512, CVE-2019-9515); after a rest twice as often at once.
 */
export const RESETS_PER_SECOND = 128
export const CONTROL_FRAMES_PER_SECOND = 128

/** A client that is told to end has this long to do it. */
export const GOODBYE_MS = 2_000

/**
 * What nghttp2 holds a connection to. Heads are twice as large as the limits, so that whoever exceeds those is told so by an
 * answer; beyond that the stream is reset. A head in more than a few CONTINUATION frames ends the connection.
 */
export function sessionOptions(limits: HttpLimits): ServerSessionOptions {
  return {
    settings: {
      maxConcurrentStreams: MAX_STREAMS,
      maxHeaderListSize: 2 * (limits.maxHeaderBytes + limits.maxUriBytes),
      initialWindowSize: STREAM_WINDOW_BYTES,
    },
    maxHeaderListPairs: 2 * limits.maxHeaderCount,
    maxSessionMemory: 32,
    // Ours counts first, since it says ENHANCE_YOUR_CALM.
    streamResetBurst: 10_000,
    streamResetRate: 1_000,
    // A service may repeat a field that has one value; over HTTP/1.1 it passes, too.
    strictSingleValueFields: false,
  }
}
