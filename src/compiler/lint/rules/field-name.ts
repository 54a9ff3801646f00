import { appendPointer, isObject } from '../../../domain/index.ts'
import type { GraphNode } from '../../document/index.ts'
import { knowsOpenApi32 } from '../modern-schemas.ts'
import type { Rule, RuleContext } from '../rule.ts'

/** RFC 9110 §5.6.2; the names of fields and, by RFC 6265 §4.1.1, of cookies. */
const TOKEN = /^[-!#$%&'*+.^`|~\w]+$/

const HINT = "Names of headers and cookies are of letters, digits and !#$%&'*+-.^_`|~ (RFC 9110 §5.6.2)."

export const fieldName: Rule = {
  id: 'field-name',
  severity: 'error',
  summary: 'Headers and cookies have names that HTTP can carry.',
  visit: {
    parameter: (node, context) => {
      if (node.value['in'] === 'cookie' || isUnjudged(node, context)) checkName(node, context)
    },
    // Of those only API keys have a name and a location.
    securityScheme: checkName,
    response: checkHeaders,
    encoding: checkHeaders,
  },
}

/** From OpenAPI 3.2 on its structure forbids such names, but for cookies and API keys. */
function isUnjudged(node: GraphNode, context: RuleContext): boolean {
  return !knowsOpenApi32(node, context)
}

function checkName({ document, pointer, value }: GraphNode, { report }: RuleContext): void {
  const { name, in: location } = value
  if ((location !== 'header' && location !== 'cookie') || typeof name !== 'string' || TOKEN.test(name)) return
  const message = `A ${location} cannot be called ${JSON.stringify(name)}`
  report({ at: { document, pointer: appendPointer(pointer, 'name') }, message, hint: HINT })
}

function checkHeaders(node: GraphNode, context: RuleContext): void {
  const { document, pointer, value } = node
  const { headers } = value
  if (!isObject(headers) || !isUnjudged(node, context)) return
  for (const name of Object.keys(headers)) {
    if (TOKEN.test(name)) continue
    context.report({
      at: { document, pointer: appendPointer(appendPointer(pointer, 'headers'), name) },
      part: 'key',
      message: `A header cannot be called ${JSON.stringify(name)}`,
      hint: HINT,
    })
  }
}
