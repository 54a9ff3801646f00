import { appendPointer, isObject } from '../../../domain/index.ts'
import type { Rule } from '../rule.ts'

const PLAINTEXT = /^(?:http|ws):\/\//i
/** Names that never leave the machine (RFC 6761 §6.3). */
const LOCAL = /^[a-z]+:\/\/(?:localhost|[^/:]+\.localhost|127(?:\.\d+){3}|\[::1\])(?:[:/]|$)/i

export const httpsServer: Rule = {
  id: 'https-server',
  severity: 'warning',
  summary: 'Clients are told to use TLS.',
  visit: {
    server: (node, { report }) => {
      const message = plaintextFault(node.value['url'])
      const pointer = appendPointer(node.pointer, 'url')
      const hint = 'Write https://, or leave the origin out: `url: /v1`.'
      if (message !== undefined) report({ at: { document: node.document, pointer }, message, hint })
    },
    securityScheme: ({ document, pointer, value }, { report }) => {
      const flows = isObject(value['flows']) ? Object.entries(value['flows']) : []
      const places = [
        ['/openIdConnectUrl', value['openIdConnectUrl']],
        ...flows.flatMap(([flow, members]) =>
          TOKEN_URLS.map((key) => [`/flows/${flow}/${key}`, isObject(members) ? members[key] : undefined]),
        ),
      ] as const
      for (const [below, url] of places) {
        const message = plaintextFault(url)
        const hint = 'Write https://: tokens and passwords are sent there.'
        if (message !== undefined)
          report({ at: { document, pointer: pointer + String(below) }, message, hint })
      }
    },
  },
}

const TOKEN_URLS = ['authorizationUrl', 'tokenUrl', 'refreshUrl', 'deviceAuthorizationUrl']

function plaintextFault(url: unknown): string | undefined {
  if (typeof url !== 'string' || !PLAINTEXT.test(url) || LOCAL.test(url)) return undefined
  return `Clients are sent to ${JSON.stringify(url.slice(0, 80))}, without TLS`
}
