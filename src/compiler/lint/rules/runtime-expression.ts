import { appendPointer, isObject } from '../../../domain/index.ts'
import type { Rule } from '../rule.ts'

/** OpenAPI 3.1 §4.8.20.4: the ABNF of runtime expressions; a JSON Pointer is of RFC 6901. */
const EXPRESSION =
  /^\$(?:url|method|statusCode|(?:request|response)\.(?:header\.[-!#$%&'*+.^`|~\w]+|(?:query|path)\.[^{}]+|body(?:#(?:\/(?:[^~/]|~[01])*)*)?))$/

const HINT =
  'Write $url, $method, $statusCode, or $request. or $response. with header., query. or path. and a name, or body# and a JSON Pointer.'

export const runtimeExpression: Rule = {
  id: 'runtime-expression',
  severity: 'warning',
  summary: 'Callbacks and links name parts of messages by expressions that there are.',
  visit: {
    callback: ({ document, pointer, value }, { report }) => {
      for (const key of Object.keys(value)) {
        if (key.startsWith('x-') || key === '$ref') continue
        for (const expression of expressionsOf(key)) {
          if (EXPRESSION.test(expression)) continue
          const message = `${JSON.stringify(expression)} is no runtime expression`
          report({ at: { document, pointer: appendPointer(pointer, key) }, part: 'key', message, hint: HINT })
        }
      }
    },
    link: ({ document, pointer, value }, { report }) => {
      const { parameters, requestBody } = value
      const given: (readonly [string, unknown])[] = [['/requestBody', requestBody]]
      if (isObject(parameters)) {
        for (const [name, member] of Object.entries(parameters))
          given.push([appendPointer('/parameters', name), member])
      }
      for (const [place, member] of given) {
        // What does not begin with a dollar is a constant.
        if (typeof member !== 'string' || !member.startsWith('$') || EXPRESSION.test(member)) continue
        const message = `${JSON.stringify(member)} is no runtime expression`
        report({ at: { document, pointer: pointer + place }, message, hint: HINT })
      }
    },
  },
}

/** The key as a whole, or what stands in its braces. */
function expressionsOf(key: string): readonly string[] {
  if (key.startsWith('$')) return [key]
  return [...key.matchAll(/\{([^{}]*)\}/g)].map(([, expression = '']) => expression)
}
