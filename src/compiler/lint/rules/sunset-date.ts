import { appendPointer } from '../../../domain/index.ts'
import type { Rule } from '../rule.ts'

export const sunsetDate: Rule = {
  id: 'sunset-date',
  severity: 'error',
  summary: 'x-sunset is an HTTP-date on a deprecated operation.',
  visit: {
    operation: (node, { report }) => {
      const sunset = node.value['x-sunset']
      if (sunset === undefined) return
      const { document, pointer, value } = node
      const at = { document, pointer: appendPointer(pointer, 'x-sunset') }
      if (typeof sunset !== 'string' || !isHttpDate(sunset)) {
        report({
          at,
          message: `\`x-sunset\` is ${JSON.stringify(sunset).slice(0, 60)}, which is not an HTTP-date`,
          hint: `Write it like ${suggestion(sunset)} (RFC 9110 §5.6.7).`,
        })
      } else if (value['deprecated'] !== true) {
        const message = '`x-sunset` has no effect because the operation is not deprecated'
        const hint = 'Add `deprecated: true`.'
        report({ at, part: 'key', severity: 'warning', code: 'E1030', message, hint })
      }
    },
  },
}

/** The preferred form, IMF-fixdate; its weekday must be that of the date. */
function isHttpDate(text: string): boolean {
  const time = Date.parse(text)
  return Number.isFinite(time) && new Date(time).toUTCString() === text
}

function suggestion(sunset: unknown): string {
  const time = typeof sunset === 'string' ? Date.parse(sunset) : Number.NaN
  return JSON.stringify(
    Number.isFinite(time) ? new Date(time).toUTCString() : 'Sun, 06 Nov 2033 08:49:37 GMT',
  )
}
