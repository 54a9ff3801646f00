import type { JsonObject } from '../../domain/index.ts'
import type { Handler } from '../pipeline/handler.ts'
import { fixedAnswer } from './fixed-answer.ts'

/**
 * Answers with a fixed response whose bytes are made at load.
 *
 * @throws {RangeError} for a header that HTTP does not allow.
 */
export function createMock(config: JsonObject): Handler {
  const { status, headers, body } = fixedAnswer(config)
  return (exchange) => exchange.readBody(() => exchange.send(status, headers, body))
}
