import * as host from './host'
import { Json } from './json'
import { readResult } from './memory'
import { Headers } from './messages'

function encoded(text: string): ArrayBuffer {
  return String.UTF8.encode(text)
}
function pointerOf(bytes: ArrayBuffer): usize {
  return changetype<usize>(bytes)
}

/** The body of the message that is handled; plugins with `body_access`, and dispatchers. */
export namespace Body {
  /** The body as text; empty where there is none. It can be read once. */
  export function text(): string {
    const length = <i32>host.bodyLength()
    return readResult(length, (pointer, size) => host.bodyRead(pointer, size))
  }

  /** The body as bytes; null where there is none. It can be read once. */
  export function bytes(): ArrayBuffer | null {
    const length = <i32>host.bodyLength()
    if (length < 0) return null
    const buffer = new ArrayBuffer(length)
    host.bodyRead(pointerOf(buffer), length)
    return buffer
  }

  export function set(text: string): void {
    setBytes(encoded(text))
  }

  export function setBytes(bytes: ArrayBuffer): void {
    host.bodySet(pointerOf(bytes), bytes.byteLength)
  }

  export function clear(): void {
    host.bodyClear()
  }
}

/** Lines in the log of the gateway. Capability: `log`. */
export namespace Log {
  function write(level: i32, text: string): void {
    const bytes = encoded(text)
    host.log(level, pointerOf(bytes), bytes.byteLength)
  }
  export function error(text: string): void {
    write(0, text)
  }
  export function warn(text: string): void {
    write(1, text)
  }
  export function info(text: string): void {
    write(2, text)
  }
  export function debug(text: string): void {
    write(3, text)
  }
}

/** Strings that the plugins of one request share. Capabilities: `context_get`, `context_set`. */
export namespace Context {
  /** Null where nothing has been set. */
  export function get(key: string): string | null {
    const bytes = encoded(key)
    const length = host.contextGet(pointerOf(bytes), bytes.byteLength)
    return length < 0 ? null : readResult(length, (pointer, size) => host.contextRead(pointer, size))
  }

  export function set(key: string, value: string): void {
    const name = encoded(key)
    const text = encoded(value)
    host.contextSet(pointerOf(name), name.byteLength, pointerOf(text), text.byteLength)
  }
}

/** Capability: `clock_now`. */
export namespace Clock {
  /** Milliseconds since the gateway was started. */
  export function uptimeMs(): i64 {
    return host.clockNow()
  }

  /** Seconds since the Unix epoch. */
  export function unixSeconds(): i64 {
    return host.unixTimestamp()
  }
}

/** A UUID of version 7. Capability: `generate_uuid`. */
export function uuid(): string {
  return readResult(host.uuidGenerate(), (pointer, size) => host.uuidRead(pointer, size))
}

/** A secret that the configuration refers to; null for any other. Capability: `get_secret`. */
export function secret(reference: string): string | null {
  const bytes = encoded(reference)
  const length = host.secretGet(pointerOf(bytes), bytes.byteLength)
  return length < 0 ? null : readResult(length, (pointer, size) => host.secretRead(pointer, size))
}

/** The answer of another service. */
export class HttpAnswer {
  constructor(
    readonly status: i32,
    readonly headers: Headers,
    readonly body: string,
  ) {}
}

/** Calls of other services. Capability: `http_call`. */
export namespace Http {
  /** Waits for the answer; 502 and 504 where there is none. Null where the request is none. */
  export function call(
    method: string,
    url: string,
    headers: Json,
    body: string | null = null,
    timeoutMs: i32 = 30000,
  ): HttpAnswer | null {
    if (body !== null) {
      const bytes = encoded(body)
      host.httpBodySet(pointerOf(bytes), bytes.byteLength)
    }
    const request = Json.object()
      .set('method', Json.text(method))
      .set('url', Json.text(url))
      .set('headers', headers)
      .set('timeout_ms', Json.integer(timeoutMs))
    const bytes = encoded(request.toString())
    const length = host.httpCall(pointerOf(bytes), bytes.byteLength)
    if (length < 0) return null
    const answer = Json.parse(readResult(length, (pointer, size) => host.httpRead(pointer, size)))
    const text = readResult(<i32>host.httpBodyLength(), (pointer, size) => host.httpBodyRead(pointer, size))
    return new HttpAnswer(<i32>answer.get('status').asInteger(), new Headers(answer.get('headers')), text)
  }
}

/** Counts a request in a window of this plugin: `{allowed, limit, remaining, reset, retry_after?}`. Capability: `rate_limit`. */
export function rateLimit(key: string, quota: i32, windowSeconds: i32): Json {
  const bytes = encoded(key)
  const length = host.rateLimitCheck(pointerOf(bytes), bytes.byteLength, quota, windowSeconds)
  return length < 0
    ? Json.none()
    : Json.parse(readResult(length, (pointer, size) => host.rateLimitRead(pointer, size)))
}

/** What this plugin keeps from one request for others. Capability: `cache`. */
export namespace Cache {
  /** Null (the JSON value) where nothing is kept. */
  export function get(key: string): Json {
    const bytes = encoded(key)
    const length = host.cacheGet(pointerOf(bytes), bytes.byteLength)
    return Json.parse(readResult(length, (pointer, size) => host.cacheRead(pointer, size))).get('entry')
  }

  export function set(key: string, entry: Json, ttlSeconds: i32): bool {
    const name = encoded(key)
    const text = encoded(entry.toString())
    return host.cacheSet(pointerOf(name), name.byteLength, pointerOf(text), text.byteLength, ttlSeconds) == 0
  }
}

/** Metrics of the gateway, under the name of this plugin. Capability: `telemetry`. */
export namespace Metrics {
  export function count(name: string, by: f64 = 1, labels: Json = Json.object()): void {
    const text = encoded(name)
    const json = encoded(labels.toString())
    host.counterIncrement(pointerOf(text), text.byteLength, pointerOf(json), json.byteLength, by)
  }

  export function observe(name: string, value: f64, labels: Json = Json.object()): void {
    const text = encoded(name)
    const json = encoded(labels.toString())
    host.histogramObserve(pointerOf(text), text.byteLength, pointerOf(json), json.byteLength, value)
  }
}

/** True where a signature (a list of bytes) is that of the key. Capability: `verify_signature`. */
export function verifySignature(algorithm: string, jwk: Json, message: string, signature: Json): bool {
  const request = Json.object()
    .set('algorithm', Json.text(algorithm))
    .set('jwk', jwk)
    .set('message', Json.text(message))
    .set('signature', signature)
  const bytes = encoded(request.toString())
  return host.verifySignature(pointerOf(bytes), bytes.byteLength) == 1
}
