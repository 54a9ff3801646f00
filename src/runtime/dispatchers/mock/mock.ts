import type { JsonObject } from '../../../domain/index.ts'
import type { Exchange } from '../../pipeline/exchange.ts'
import type { Handler } from '../../pipeline/handler.ts'
import type { DispatcherContext } from '../context.ts'
import { fixedAnswer, headerPairs } from '../fixed-answer.ts'
import { exampleTable } from './example-table.ts'
import { escapeField, escapeFor, fillText, type FillText } from './placeholders.ts'
import { preferredOf } from './prefer.ts'

/**
 * Answers by itself: with a fixed response, or with the examples of the description. Their bytes are made at load, and
 * where there are placeholders the pieces between them.
 *
 * @throws {RangeError} for headers and placeholders that cannot be.
 */
export function createMock(config: JsonObject, context: DispatcherContext): Handler {
  const answer = config['examples'] === true ? byExample(config, context) : fixed(config, context)
  const delayMs = config['delay_ms'] as number
  const answerLater = delayMs === 0 ? answer : delayed(answer, delayMs)
  // Who expects an answer has sent the whole request.
  return (exchange) => exchange.readBody(() => answerLater(exchange))
}

function delayed(answer: Handler, delayMs: number): Handler {
  return (exchange) => {
    const timer = setTimeout(() => exchange.attempt(() => answer(exchange)), delayMs)
    exchange.onClose(() => clearTimeout(timer))
  }
}

function fixed(config: JsonObject, { captureNames }: DispatcherContext): Handler {
  const { status, headers, body } = fixedAnswer(config)
  const type = headerPairs(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  const fillBody = fillText(body.toString(), captureNames, escapeFor(type))
  const fillHeaders = fillPairs(headers, captureNames)
  if (fillBody === undefined && fillHeaders === undefined)
    return (exchange) => exchange.send(status, headers, body)
  return (exchange) => {
    const filled = fillHeaders === undefined ? headers : fillHeaders(exchange)
    exchange.send(status, filled, fillBody === undefined ? body : Buffer.from(fillBody(exchange)))
  }
}

function byExample(config: JsonObject, { captureNames, examples }: DispatcherContext): Handler {
  if (examples === undefined || examples.length === 0) {
    throw new RangeError('/examples: the artifact has none for the operation')
  }
  const wanted = config['status'] as number | undefined
  if (wanted !== undefined && !examples.some(({ status }) => status === wanted)) {
    throw new RangeError(`/status: the artifact has no example of ${wanted} for the operation`)
  }
  const { headers } = fixedAnswer({ ...config, status: 200, body: '' })
  const choose = exampleTable(examples, wanted)
  const fillHeaders = fillPairs(headers, captureNames)
  return (exchange) => {
    const { request } = exchange
    const preferred = preferredOf(request.headers.values('prefer'))
    const example = choose(preferred, acceptOf(exchange))
    if (example === 'not-acceptable') return exchange.problem('not-acceptable')
    const applied = [
      ...(preferred.code === example.status ? [`code=${example.status}`] : []),
      ...(preferred.example !== undefined && preferred.example === example.name
        ? [`example=${quoted(example.name)}`]
        : []),
    ]
    const fields = [
      ...(example.mediaType === null ? [] : ['content-type', example.mediaType]),
      ...(fillHeaders === undefined ? headers : fillHeaders(exchange)),
      ...(applied.length === 0 ? [] : ['preference-applied', applied.join(', ')]),
    ]
    exchange.send(example.status, fields, example.body)
  }
}

/** Several lines of `Accept` are one list (RFC 9110 §5.3). */
function acceptOf({ request: { headers } }: Exchange): string | undefined {
  return headers.has('accept') ? headers.values('accept').join(',') : undefined
}

function quoted(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `"${escapeField(text).replaceAll(/["\\]/g, '\\$&')}"`
}

function fillPairs(
  headers: readonly string[],
  captureNames: readonly string[],
): ((exchange: Exchange) => readonly string[]) | undefined {
  const fills = headers.map((text, index): FillText | undefined =>
    index % 2 === 0 ? undefined : fillText(text, captureNames, escapeField),
  )
  if (fills.every((fill) => fill === undefined)) return undefined
  return (exchange) => headers.map((text, index) => fills[index]?.(exchange) ?? text)
}
