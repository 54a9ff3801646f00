export { checkPredicate, type CheckedPredicate } from './check-predicate.ts'
export { PredicateError, type PredicateIssue } from './issue.ts'
export {
  planPredicate,
  type Decision,
  type PlanOptions,
  type Predicate,
  type PredicateFault,
} from './plan-predicate.ts'
export { requestAttributes } from './request-attributes.ts'
export type { Accessors, Declarations, Type, VariableDeclaration } from './types/index.ts'
export { MapValue, Timestamp, type MapKey, type Value } from './values/index.ts'
