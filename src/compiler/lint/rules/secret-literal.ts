import { textsOf } from '../plugin-uses.ts'
import type { Rule } from '../rule.ts'

const SECRET_KEY =
  /(?:^|[_-])(?:password|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key|signing[_-]?key|access[_-]?key|credentials?)$/i
const CREDENTIALS = /^(?:basic|bearer)\s+\S/i

export const secretLiteral: Rule = {
  id: 'secret-literal',
  code: 'E1070',
  severity: 'warning',
  protection: 'guarded',
  summary: 'Secrets are named by reference, never written down.',
  visit: {
    pluginUse: (use, { report }) => {
      for (const { text, key, ...at } of textsOf(use)) {
        const isSecret =
          SECRET_KEY.test(snakeCase(key)) || (/^authorization$/i.test(key) && CREDENTIALS.test(text))
        if (!isSecret || text === '' || /^[a-z\d-]+:\/\//i.test(text)) continue
        report({
          at,
          // The value is not repeated: reports end up in logs.
          message: `\`${key}\` holds a secret in plain text`,
          hint: 'Put it in the environment or in a file and refer to it: env://NAME or file:///path.',
        })
      }
    },
  },
}

function snakeCase(key: string): string {
  return key.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, '_')
}
