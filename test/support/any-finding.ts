import fc from 'fast-check'

import type { Finding } from '../../src/domain/index.ts'

const count = fc.integer({ min: 1, max: 1e6 })
const text = fc.string({ unit: 'binary', minLength: 1 })
const url = fc.webUrl({ withQueryParameters: true }).map((address) => new URL(address).href)

const at = fc.record(
  {
    file: fc.oneof(text, url),
    line: count,
    col: count,
    endLine: count,
    endCol: count,
    pointer: fc.string(),
  },
  { requiredKeys: ['file', 'line', 'col'] },
)

/** Whatever a finding may say. */
export const anyFinding = fc.record(
  {
    rule: fc.string({ minLength: 1 }),
    code: fc.string(),
    severity: fc.constantFrom('error', 'warning', 'info'),
    message: text,
    hint: fc.string(),
    at,
  },
  { requiredKeys: ['rule', 'severity', 'message', 'at'] },
) as fc.Arbitrary<Finding>
