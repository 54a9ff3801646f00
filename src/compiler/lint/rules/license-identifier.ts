import parse from 'spdx-expression-parse'
import identifiers from 'spdx-license-ids/index.json' with { type: 'json' }

import { appendPointer, didYouMean, isObject } from '../../../domain/index.ts'
import type { Rule } from '../rule.ts'

export const licenseIdentifier: Rule = {
  id: 'license-identifier',
  severity: 'warning',
  summary: 'The identifier of the licence is an SPDX expression.',
  visit: {
    info: ({ document, pointer, value }, { report }) => {
      const { license } = value
      if (!isObject(license)) return
      const { identifier } = license
      if (typeof identifier !== 'string' || isExpression(identifier)) return
      report({
        at: { document, pointer: appendPointer(appendPointer(pointer, 'license'), 'identifier') },
        message: `${JSON.stringify(identifier)} is no SPDX licence expression`,
        hint: didYouMean(
          identifier,
          identifiers,
          'Write identifiers of https://spdx.org/licenses, e.g. `Apache-2.0`, or `LicenseRef-` and a name for a licence that is not listed there.',
        ),
      })
    },
  },
}

/** SPDX 2.3 annex D. */
function isExpression(text: string): boolean {
  try {
    parse(text)
    return true
  } catch {
    return false
  }
}
