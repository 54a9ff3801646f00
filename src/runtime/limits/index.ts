export { RetryBudget } from './retry-budget.ts'
export { createAllowance } from './allowance.ts'
export { SlidingLog, type WindowState } from './sliding-log.ts'
