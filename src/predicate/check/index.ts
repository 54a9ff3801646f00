export { qualifiedFunction } from './check-call.ts'
export type { Fault } from './check-context.ts'
export { checkExpression } from './check-expression.ts'
