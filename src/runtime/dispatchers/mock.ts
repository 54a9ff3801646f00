import { validateHeaderName, validateHeaderValue } from 'node:http'

import type { JsonObject, JsonValue } from '../../domain/index.ts'
import type { Handler } from '../pipeline/handler.ts'

/**
 * Answers with a fixed response whose bytes are made at load.
 *
 * @throws {RangeError} for a header that HTTP does not allow.
 */
export function createMock(config: JsonObject): Handler {
  const status = (config['status'] as number | undefined) ?? 200
  const contentType = (config['content_type'] as string | undefined) ?? 'application/json'
  const given = Object.entries((config['headers'] ?? {}) as Readonly<Record<string, string>>)
  const named = given.some(([name]) => name.toLowerCase() === 'content-type')
  const body = bytesOf(config['body'] ?? '')
  const typed = named || body.byteLength === 0 ? [] : ['content-type', contentType]
  const headers = [...typed, ...given.filter(([name]) => !isFraming(name)).flat()]
  for (const [name, value] of given) checkHeader(name, value)
  return (exchange) => exchange.readBody(() => exchange.send(status, headers, body))
}

/** The engine frames the message; a length in the description could contradict the body. */
function isFraming(name: string): boolean {
  return ['content-length', 'transfer-encoding', 'connection'].includes(name.toLowerCase())
}

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
