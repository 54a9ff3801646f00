import { appendPointer, formatLocation } from '../../../domain/index.ts'
import type { Place } from '../place.ts'
import type { Rule } from '../rule.ts'

export const operationIdUnique: Rule = {
  id: 'operation-id-unique',
  code: 'E1055',
  severity: 'error',
  protection: 'free',
  summary: 'An operationId is used once in all descriptions of a project.',
  visit: {
    project: ({ operations, report }) => {
      const first = new Map<string, Place>()
      for (const { document, pointer, value } of operations) {
        const id = value['operationId']
        if (typeof id !== 'string') continue
        const at = { document, pointer: appendPointer(pointer, 'operationId') }
        const known = first.get(id)
        if (known === undefined) {
          first.set(id, at)
          continue
        }
        const where = formatLocation(known.document.locate(known.pointer))
        const message = `The operationId ${JSON.stringify(id)} is used before at ${where}`
        report({ at, message, hint: 'Give each operation a name of its own.' })
      }
    },
  },
}
