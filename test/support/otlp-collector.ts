import { createServer, type IncomingHttpHeaders } from 'node:http'

import type { CleanupScope } from './spawn-gateway.ts'

/** A span as a collector gets it (opentelemetry-proto, trace/v1/trace.proto). */
export interface CollectedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly traceState: string
  readonly name: string
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number
  readonly startNs: bigint
  readonly endNs: bigint
  readonly attributes: Readonly<Record<string, string | number>>
  /** 2 for an error. */
  readonly statusCode: number
  readonly resource: Readonly<Record<string, string | number>>
}

export interface OtlpCollector {
  readonly origin: string
  readonly spans: () => readonly CollectedSpan[]
  /** The headers of the requests that it has got. */
  readonly requests: { readonly url: string; readonly headers: IncomingHttpHeaders }[]
}

/** A collector that takes traces by OTLP over HTTP, in protobuf, and reads them by the field numbers of the protocol. */
export async function startCollector(scope: CleanupScope): Promise<OtlpCollector> {
  const spans: CollectedSpan[] = []
  const requests: { url: string; headers: IncomingHttpHeaders }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      requests.push({ url: request.url ?? '', headers: request.headers })
      spans.push(...readRequest(Buffer.concat(chunks)))
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  scope.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as { port: number }
  return { origin: `http://127.0.0.1:${port}`, spans: () => spans, requests }
}

type Message = ReadonlyMap<number, readonly (Buffer | bigint)[]>

/** The fields of a message by number, each with its values (protobuf, encoding). */
function readMessage(bytes: Buffer): Message {
  const fields = new Map<number, (Buffer | bigint)[]>()
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++] as number
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  const take = (count: number): Buffer => bytes.subarray(at, (at += count))
  while (at < bytes.byteLength) {
    const tag = Number(varint())
    const kind = tag & 7
    const value =
      kind === 0
        ? varint()
        : kind === 1
          ? take(8).readBigUInt64LE()
          : kind === 5
            ? BigInt(take(4).readUInt32LE())
            : take(Number(varint()))
    fields.set(tag >>> 3, [...(fields.get(tag >>> 3) ?? []), value])
  }
  return fields
}

const messages = (message: Message, field: number): readonly Message[] =>
  (message.get(field) ?? []).map((value) => readMessage(value as Buffer))
const bytesOf = (message: Message, field: number): Buffer =>
  (message.get(field)?.[0] as Buffer | undefined) ?? Buffer.alloc(0)
const numberOf = (message: Message, field: number): bigint =>
  (message.get(field)?.[0] as bigint | undefined) ?? 0n

function readRequest(bytes: Buffer): readonly CollectedSpan[] {
  return messages(readMessage(bytes), 1).flatMap((resourceSpans) => {
    const resource = attributesOf(messages(resourceSpans, 1)[0] ?? new Map(), 1)
    return messages(resourceSpans, 2)
      .flatMap((scope) => messages(scope, 2))
      .map((span) => ({
        traceId: bytesOf(span, 1).toString('hex'),
        spanId: bytesOf(span, 2).toString('hex'),
        traceState: bytesOf(span, 3).toString(),
        parentSpanId: bytesOf(span, 4).toString('hex'),
        name: bytesOf(span, 5).toString(),
        kind: Number(numberOf(span, 6)),
        startNs: numberOf(span, 7),
        endNs: numberOf(span, 8),
        attributes: attributesOf(span, 9),
        statusCode: Number(numberOf(messages(span, 15)[0] ?? new Map(), 3)),
        resource,
      }))
  })
}

function attributesOf(message: Message, field: number): Readonly<Record<string, string | number>> {
  const pairs = messages(message, field).map((pair) => {
    const [value = new Map() as Message] = messages(pair, 2)
    const text = value.has(1) ? bytesOf(value, 1).toString() : Number(numberOf(value, 3))
    return [bytesOf(pair, 1).toString(), text] as const
  })
  return Object.fromEntries(pairs)
}
