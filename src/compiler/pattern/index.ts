export { backtrackingOf, type Backtracking } from './backtracking.ts'
export { isBounded } from './bounded.ts'
