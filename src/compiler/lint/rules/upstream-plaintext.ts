import { textsOf } from '../plugin-uses.ts'
import type { Rule } from '../rule.ts'

// `http:host` and `http:\\host` are what `http://host` is to whoever parses by the URL Standard.
const PLAINTEXT = /^\s*(?:(?:http|ws):[^\s?#]|(?:amqp|ftp|kafka|ldap|mqtt|nats|redis|smtp|stomp|tcp):\/\/)/i

export const upstreamPlaintext: Rule = {
  id: 'upstream-plaintext',
  code: 'E1031',
  severity: 'error',
  summary: 'Services are reached over TLS.',
  visit: {
    pluginUse: (use, { allowPlaintext, report }) => {
      // `mock` reaches nobody: a URL in its answer is content.
      if (allowPlaintext || use.name === 'mock') return
      for (const { text, key, ...at } of textsOf(use)) {
        // Origins of browsers (CORS) are compared, not reached.
        if (!PLAINTEXT.test(text) || /origin/i.test(key)) continue
        report({
          at,
          message: `${JSON.stringify(withoutUserinfo(text))} is reached without TLS`,
          hint: 'Use the scheme with TLS (https://, wss://, …), or allow it with --allow-plaintext (development, or a network of your own).',
        })
      }
    },
  },
}

function withoutUserinfo(url: string): string {
  return url.replace(/^(\s*[a-z]+:[\\/]*)[^/\\@]*@/i, '$1').slice(0, 100)
}
