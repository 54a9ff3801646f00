import { appendPointer } from '../../../domain/index.ts'
import type { Rule } from '../rule.ts'

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
  },
}
