export { backtrackingOf, type Backtracking } from './backtracking.ts'
