import { appendPointer } from '../../../domain/index.ts'
import type { Rule } from '../rule.ts'

/** Names that nobody gives to anything else. */
const CREDENTIAL =
  /^(?:password|passwd|client_?secret|access_?token|refresh_?token|id_?token|api_?key|private_?key|secret)$/i

export const authCredentialsInUrl: Rule = {
  id: 'auth-credentials-in-url',
  severity: 'warning',
  summary: 'Credentials are sent in headers, not in URLs.',
  visit: {
    securityScheme: ({ document, pointer, value }, { report }) => {
      if (value['type'] !== 'apiKey' || value['in'] !== 'query') return
      report({
        at: { document, pointer: appendPointer(pointer, 'in') },
        message: `The credential \`${String(value['name'])}\` is sent in the URL, which ends up in logs and histories`,
        hint: 'Send it in a header: `in: header`.',
      })
    },
    parameter: (parameter, { report }) => {
      const { name, in: location } = parameter.value
      const isInUrl = location === 'query' || location === 'path'
      if (!isInUrl || typeof name !== 'string' || !CREDENTIAL.test(name.replaceAll('-', '_'))) return
      report({
        at: { document: parameter.document, pointer: appendPointer(parameter.pointer, 'name') },
        message: `The parameter \`${name}\` puts a credential into the URL, which ends up in logs and histories`,
        hint: 'Send it in a header or in the body.',
      })
    },
  },
}
