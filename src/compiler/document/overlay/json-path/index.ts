export { parseQuery } from './parse-query.ts'
export type { Query } from './query.ts'
export { PathSyntaxError } from './scanner.ts'
export { PathCostError, select, type Selected } from './select.ts'
