export { planRoutes, type PlannedRoutes } from './plan-routes.ts'
