import { appendPointer, isObject } from '../../../domain/index.ts'
import type { GraphNode } from '../../document/index.ts'
import { essenceOf, isMediaRange } from '../media-range.ts'
import type { Rule, RuleContext } from '../rule.ts'

const HINT = 'Write type/subtype, e.g. application/json, or a range such as text/*.'

export const mediaType: Rule = {
  id: 'media-type',
  severity: 'error',
  summary: 'The keys of `content`, and the types of parts of bodies, are media types or ranges.',
  visit: { requestBody: check, response: check, parameter: check, header: check, encoding: checkPart },
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
      hint: HINT,
    })
  }
}

/** OpenAPI 3.1 §4.8.15.1: `contentType` lists, by commas, what a part may be. */
function checkPart({ document, pointer, value }: GraphNode, { report }: RuleContext): void {
  const { contentType } = value
  if (typeof contentType !== 'string') return
  for (const type of contentType.split(',')) {
    if (isMediaRange(essenceOf(type))) continue
    report({
      at: { document, pointer: appendPointer(pointer, 'contentType') },
      message: `${JSON.stringify(type.trim())} is no media type`,
      hint: HINT,
    })
  }
}
