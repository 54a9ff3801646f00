export { planResponses } from './responses.ts'
export { planRoutes, type PlannedRoutes } from './plan-routes.ts'
