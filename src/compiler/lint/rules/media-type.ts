import { appendPointer, isObject } from '../../../domain/index.ts'
import type { GraphNode } from '../../document/index.ts'
import { essenceOf, isMediaRange } from '../media-range.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const mediaType: Rule = {
  id: 'media-type',
  severity: 'error',
  summary: 'The keys of `content` are media types or ranges.',
  visit: { requestBody: check, response: check, parameter: check, header: check },
}

function check({ document, pointer, value }: GraphNode, { report }: RuleContext): void {
  const { content } = value
  if (!isObject(content)) return
  for (const type of Object.keys(content)) {
    if (isMediaRange(essenceOf(type))) continue
    report({
      at: { document, pointer: appendPointer(appendPointer(pointer, 'content'), type) },
      part: 'key',
      message: `${JSON.stringify(type)} is no media type`,
      hint: 'Write type/subtype, e.g. application/json, or a range such as text/*.',
    })
  }
}
