import type { JsonObject, JsonValue } from '../../domain/index.ts'
import type { KeywordComparison } from './comparison.ts'
import { isEqual } from './compare-limits.ts'

/** `prefixItems` and `items`, which takes over behind them: JSON Schema 2020-12 core §10.3.1. */
export const compareItems: KeywordComparison = ({ before, after, pointer }, { compare }) => {
  const [was, is] = [prefixOf(before), prefixOf(after)]
  for (let index = 0; index < Math.max(was.length, is.length); index += 1) {
    const [itemWas, itemIs] = [itemAt(before, was, index), itemAt(after, is, index)]
    compare(itemWas, itemIs, `${pointer}/prefixItems/${index}`)
  }
  compare(before['items'], after['items'], `${pointer}/items`)
}

function prefixOf(schema: JsonObject): readonly JsonValue[] {
  const prefix = schema['prefixItems']
  return Array.isArray(prefix) ? (prefix as readonly JsonValue[]) : []
}

function itemAt(schema: JsonObject, prefix: readonly JsonValue[], index: number): JsonValue | undefined {
  return index < prefix.length ? prefix[index] : schema['items']
}

/** `contains` with its counts: core §10.3.1.3, validation §6.4.4 and §6.4.5. */
export const compareContains: KeywordComparison = ({ before, after, pointer }, { report, isSame }) => {
  const [was, is] = [before['contains'], after['contains']]
  const at = `${pointer}/contains`
  if (was === undefined && is === undefined) return
  if (was === undefined) return report('schema-contains-added', at, { after: is })
  if (is === undefined) return report('schema-contains-removed', at, { before: was })
  const haveSameCounts = ['minContains', 'maxContains'].every((keyword) =>
    isEqual(before[keyword], after[keyword]),
  )
  if (haveSameCounts && isSame(was, is)) return
  report('schema-contains-changed', at, { before: was, after: is })
}
