export { RetryBudget } from './retry-budget.ts'
export { SlidingLog, type WindowState } from './sliding-log.ts'
