import { isObject, type ResponseValidation } from '../../domain/index.ts'
import { RESPONSE_VALIDATION, type RouteNode } from '../lint/index.ts'

/** How the answers of an operation are checked: as it says itself, else as the root does; undefined where they are not. */
export function responseCheckOf({
  root,
  operation,
}: RouteNode): Pick<ResponseValidation, 'mode' | 'sample'> | undefined {
  const inherited = isObject(root.root) ? root.root[RESPONSE_VALIDATION] : undefined
  const stated = operation.value[RESPONSE_VALIDATION] ?? inherited
  const { mode, sample = 1 } = isObject(stated) ? stated : { mode: stated }
  // Other values were refused by lint.
  if (mode !== 'report' && mode !== 'enforce') return undefined
  return typeof sample === 'number' && sample > 0 ? { mode, sample } : undefined
}
