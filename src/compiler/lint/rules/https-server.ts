import { appendPointer } from '../../../domain/index.ts'
import type { Rule } from '../rule.ts'

const PLAINTEXT = /^(?:http|ws):\/\//i
/** Names that never leave the machine (RFC 6761 §6.3). */
const LOCAL = /^[a-z]+:\/\/(?:localhost|[^/:]+\.localhost|127(?:\.\d+){3}|\[::1\])(?:[:/]|$)/i

export const httpsServer: Rule = {
  id: 'https-server',
  severity: 'warning',
  summary: 'Clients are told to use TLS.',
  visit: {
    server: ({ document, pointer, value }, { report }) => {
      const { url } = value
      if (typeof url !== 'string' || !PLAINTEXT.test(url) || LOCAL.test(url)) return
      report({
        at: { document, pointer: appendPointer(pointer, 'url') },
        message: `Clients are sent to ${JSON.stringify(url.slice(0, 80))}, without TLS`,
        hint: 'Write https://, or leave the origin out: `url: /v1`.',
      })
    },
  },
}
