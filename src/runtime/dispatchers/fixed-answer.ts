import type { JsonObject, JsonValue } from '../../domain/index.ts'
import { validateHeaderName, validateHeaderValue, type RawHeaders } from '../http/index.ts'

/** An answer whose bytes are made at load. */
export interface FixedAnswer {
  readonly status: number
  readonly headers: RawHeaders
  readonly body: Buffer
}

/**
 * Makes the answer of `status`, `headers`, `body` and `content_type`, defaults filled in.
 *
 * @throws {RangeError} for a header that HTTP does not allow.
 */
export function fixedAnswer(config: JsonObject): FixedAnswer {
  const given = Object.entries((config['headers'] ?? {}) as Readonly<Record<string, string>>)
  for (const [name, value] of given) checkHeader(name, value)
  const isTyped = given.some(([name]) => name.toLowerCase() === 'content-type')
  const body = bytesOf(config['body'] ?? '')
  const type = isTyped || body.byteLength === 0 ? [] : ['content-type', config['content_type'] as string]
  return {
    status: (config['status'] as number | undefined) ?? 200,
    headers: [...type, ...given.filter(([name]) => !isFraming(name)).flat()],
    body,
  }
}

/** Header names with their values. */
export function headerPairs(headers: RawHeaders): readonly (readonly [name: string, value: string])[] {
  return headers.flatMap((name, index) =>
    index % 2 === 0 ? [[name, headers[index + 1] as string] as const] : [],
  )
}

/** The engine frames the message; a length in the description could contradict the body. */
function isFraming(name: string): boolean {
  return ['content-length', 'transfer-encoding', 'connection'].includes(name.toLowerCase())
}

/** @throws {RangeError} for a name or a value that HTTP does not allow. */
function checkHeader(name: string, value: string): void {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
  } catch (error) {
    throw new RangeError(`/headers: ${(error as Error).message}`, { cause: error })
  }
}

function bytesOf(body: JsonValue): Buffer {
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}
