import { appendPointer, didYouMean } from '../../../domain/index.ts'
import { keyFix } from '../key-fix.ts'
import { DISPATCH, IGNORE, MCP, MIDDLEWARES, RESPONSE_VALIDATION } from '../plugin-uses.ts'
import type { Rule } from '../rule.ts'

const KNOWN = [DISPATCH, MIDDLEWARES, MCP, RESPONSE_VALIDATION, IGNORE]

export const extensionUnknown: Rule = {
  id: 'extension-unknown',
  code: 'E1015',
  severity: 'warning',
  summary: 'Extensions that begin with x-barbacane- are known to this version.',
  visit: {
    any: (node, { report }) => {
      for (const key of Object.keys(node.value)) {
        if (!key.startsWith('x-barbacane-') || KNOWN.includes(key)) continue
        report({
          at: { document: node.document, pointer: appendPointer(node.pointer, key) },
          part: 'key',
          message: `The extension \`${key}\` is unknown and has no effect`,
          hint: didYouMean(key, KNOWN, `Known are: ${KNOWN.join(', ')}.`),
          fix: keyFix(key, KNOWN, node.value),
        })
      }
    },
  },
}
