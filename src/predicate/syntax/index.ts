export { lineColumn } from './line-column.ts'
export type { Call, Comprehension, Identifier, Macro, Node, Select } from './node.ts'
export { parseExpression } from './parse-expression.ts'
export { PredicateSyntaxError } from './syntax-error.ts'
