import { textsOf } from '../plugin-uses.ts'
import type { Rule } from '../rule.ts'

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
        if (!/^http:\/\//i.test(text) || /origin/i.test(key)) continue
        report({
          at,
          message: `${JSON.stringify(withoutUserinfo(text))} is reached without TLS`,
          hint: 'Use https://, or allow it with --allow-plaintext (development, or a network of your own).',
        })
      }
    },
  },
}

function withoutUserinfo(url: string): string {
  return url.replace(/^(http:\/\/)[^/@]*@/i, '$1').slice(0, 100)
}
