import type { JsonSchema, Route } from '../../domain/index.ts'
import { fieldLines } from '../http/index.ts'
import { parseTemplate, type Routable } from '../router/index.ts'
import type { OperationMetrics } from '../telemetry/index.ts'
import { createRequestValidator, type RequestValidator, type Validators } from '../validate/index.ts'
import type { Handler } from './handler.ts'

/** A route with everything that can be known before its first request. */
export interface PreparedRoute extends Routable {
  readonly validator: RequestValidator
  readonly handle: Handler
  /** The header lines `Deprecation` and `Sunset`, where the route has them. */
  readonly lines: string
  readonly metrics: OperationMetrics
}

export interface RouteParts {
  readonly plan: { readonly schemas: readonly JsonSchema[]; readonly validators: Validators }
  readonly handle: Handler
  readonly metrics: OperationMetrics
}

export function prepareRoute(route: Route, { plan, handle, metrics }: RouteParts): PreparedRoute {
  return {
    path: route.path,
    method: route.method,
    validator: createRequestValidator(route, captureNamesOf(route.path), plan),
    handle,
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
