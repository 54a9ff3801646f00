import { isHeldExactly } from './unsafe-numbers.ts'

/** How many members the objects of a parsed JSON text have together, and whether a number is not held exactly. */
export function surveyJson(root: unknown): { readonly members: number; readonly hasUnsafeNumber: boolean } {
  let members = 0
  let hasUnsafeNumber = false
  const pending: object[] = []
  const look = (value: unknown): void => {
    if (typeof value === 'object') {
      if (value !== null) pending.push(value)
    } else if (typeof value === 'number' && !isHeldExactly(value)) hasUnsafeNumber = true
  }
  look(root)
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (Array.isArray(value)) for (const item of value as readonly unknown[]) look(item)
    else {
      const keys = Object.keys(value)
      members += keys.length
      for (const key of keys) look((value as Readonly<Record<string, unknown>>)[key])
    }
  }
  return { members, hasUnsafeNumber }
}
