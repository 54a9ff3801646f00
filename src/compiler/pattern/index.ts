export { backtrackingOf, isHarmless, type Backtracking } from './backtracking.ts'
export { hasHarmlessPatterns } from './harmless-patterns.ts'
export { isBounded } from './bounded.ts'
export { patternFault } from './pattern-fault.ts'
