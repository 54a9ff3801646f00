import { appendPointer, isObject } from '../../../domain/index.ts'
import type { Rule } from '../rule.ts'

/** RFC 9700 §2.1.2 and §2.4. */
const DEPRECATED: ReadonlyMap<string, string> = new Map([
  ['implicit', 'gives tokens to whoever sees the URL'],
  ['password', 'shows the password of a user to the client'],
])

export const oauthFlowDeprecated: Rule = {
  id: 'oauth-flow-deprecated',
  severity: 'warning',
  summary: 'No OAuth flow is used that must not be used any more.',
  visit: {
    securityScheme: (node, { report }) => {
      const { type, flows } = node.value
      if (type !== 'oauth2' || !isObject(flows)) return
      for (const [flow, reason] of DEPRECATED) {
        if (!Object.hasOwn(flows, flow)) continue
        const pointer = appendPointer(appendPointer(node.pointer, 'flows'), flow)
        report({
          at: { document: node.document, pointer },
          part: 'key',
          message: `The flow \`${flow}\` ${reason}`,
          hint: 'Use `authorizationCode` with PKCE for users, `clientCredentials` for machines (RFC 9700).',
        })
      }
    },
  },
}
