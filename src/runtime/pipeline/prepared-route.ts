import type { JsonSchema, Route } from '../../domain/index.ts'
import { fieldLines } from '../http/index.ts'
import { parseTemplate, type Routable } from '../router/index.ts'
import type { OperationMetrics, Stage } from '../telemetry/index.ts'
import { createRequestValidator, type Validators } from '../validate/index.ts'
import { admit } from './admit.ts'
import type { Handler, Middleware } from './handler.ts'

/** A route with everything that can be known before its first request. */
export interface PreparedRoute extends Routable {
  /** The whole way of a request from here: access, validation, content, dispatch. */
  readonly enter: Handler
  /** Answers preflight requests about the operation, where it has CORS. */
  readonly preflight: Handler | undefined
  /** The header lines `Deprecation` and `Sunset`, where the route has them. */
  readonly lines: string
  readonly metrics: OperationMetrics
}

export interface RouteParts {
  readonly plan: { readonly schemas: readonly JsonSchema[]; readonly validators: Validators }
  /** What comes before the validation. */
  readonly access: Middleware
  /** What comes after it, the dispatcher last. */
  readonly handle: Handler
  readonly preflight: Handler | undefined
  readonly metrics: OperationMetrics
  /** What is measured of the validation. */
  readonly validate: Stage
}

export function prepareRoute(
  route: Route,
  { plan, access, handle, preflight, metrics, validate }: RouteParts,
): PreparedRoute {
  const validator = createRequestValidator(route, captureNamesOf(route.path), plan)
  const admission = { validator, handle, metrics }
  return {
    path: route.path,
    method: route.method,
    enter: access((exchange) => {
      exchange.enter(validate)
      admit(exchange, admission)
    }),
    preflight,
    lines: lifecycleLines(route),
    metrics,
  }
}

/** The parameters of a path template from left to right, the order of a match's captures. */
export function captureNamesOf(path: string): readonly string[] {
  return parseTemplate(path).flatMap((segment) => (segment.kind === 'static' ? [] : segment.names))
}

/** `Deprecation: true` as Barbacane's clients know it (RFC 9745 wants a date that a description does not have). */
function lifecycleLines({ deprecated, sunset }: Route): string {
  const deprecation = deprecated ? ['deprecation', 'true'] : []
  return fieldLines(sunset === null ? deprecation : [...deprecation, 'sunset', sunset])
}
