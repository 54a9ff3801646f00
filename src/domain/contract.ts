import type { JsonSchema, ResponseDescription } from './plan.ts'
import type { SecurityAlternatives } from './security.ts'

/** What the descriptions in an artifact say of its routes beyond what a gateway needs to serve them. */
export interface ApiContract {
  /** By the method and path of a route, as in `GET /books/{id}`. */
  readonly routes: ReadonlyMap<string, RouteContract>
  /** Each distinct schema of answers once; descriptions of them name them by their index. */
  readonly schemas: readonly JsonSchema[]
}

export interface RouteContract {
  /** What requests have to present; where that is nothing, it is the one alternative. */
  readonly security: SecurityAlternatives
  /** The most specific status first. */
  readonly responses: readonly ResponseDescription[]
}
