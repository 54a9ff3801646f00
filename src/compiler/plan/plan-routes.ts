import {
  canonicalJson,
  compareFindings,
  comparePaths,
  PLAN_VERSION,
  type Bindings,
  type CompiledPlan,
  type Finding,
  type JsonValue,
  type Route,
} from '../../domain/index.ts'
import type { DocumentSet } from '../document/index.ts'
import { collectRoutes, hasFragment, type RouteNode } from '../lint/index.ts'
import { createSchemaTable, dialectOf } from '../schema/index.ts'
import { createBasePaths } from './base-paths.ts'
import { planParameters, type RouteContext } from './parameters.ts'
import { toPlanFinding, type PlanFault, type ReportPlanFault } from './plan-fault.ts'
import { planMockExamples } from './mock/mock-examples.ts'
import { planDispatch, planMiddlewares } from './plugin-chain.ts'
import { planBody } from './request-body.ts'
import { responseCheckOf } from './response-validation.ts'
import { planResponses } from './responses.ts'
import { checkConflicts, type PlacedRoute } from './route-conflicts.ts'

/** The plan of documents; with an error among the findings it must not be used. */
export interface PlannedRoutes {
  /** Canonical JSON (RFC 8785) of a {@link CompiledPlan}. */
  readonly text: string
  readonly routesCount: number
  /** Sorted. */
  readonly findings: readonly Finding[]
}

/**
 * Makes the plan of linted documents: one route for each operation and base path, with everything that the gateway
 * needs to serve it. The order of documents and of their content changes nothing but the order of parameters.
 */
export function planRoutes(set: DocumentSet): PlannedRoutes {
  const faults = new Map<string, PlanFault>()
  const report: ReportPlanFault = (fault) => {
    faults.set(`${fault.at.document.path}#${fault.at.pointer} ${fault.message}`, fault)
  }
  const table = createSchemaTable(set)
  const placed = placeRoutes(set)
  checkConflicts(placed, report)
  const routes = placed.map(({ path, node }) => {
    const dialect = dialectOf(node.root, '2020-12')
    return planRoute(path, node, { set, table, dialect, direction: 'request' }, report)
  })
  const { texts, guarded, findings } = table.finish()
  return {
    text: printPlan({ routes, ...guardedPatterns(guarded) }, texts),
    routesCount: routes.length,
    findings: [...[...faults.values()].map(toPlanFinding), ...findings].toSorted(compareFindings),
  }
}

/** Most of a plan are its schemas, which are texts already, and routes, nearly all of which are in order. */
function printPlan(
  parts: Pick<CompiledPlan, 'routes' | 'guarded_patterns'>,
  schemaTexts: readonly string[],
): string {
  const { routes, ...others } = parts
  const whole: CompiledPlan = { plan_version: PLAN_VERSION, ...others, routes: [], schemas: [] }
  const text = canonicalJson(whole as unknown as JsonValue)
  const routeTexts = routes.map((route) => canonicalJson(route as unknown as JsonValue))
  const head = text.slice(0, -EMPTY.length)
  return `${head}"routes":[${routeTexts.join(',')}],"schemas":[${schemaTexts.join(',')}]}`
}

function guardedPatterns(
  guarded: ReadonlyMap<string, string | null>,
): Pick<CompiledPlan, 'guarded_patterns'> {
  return guarded.size === 0 ? {} : { guarded_patterns: Object.fromEntries(guarded) }
}

/** How a plan without routes and schemas ends: no other member of it comes behind them. */
const EMPTY = '"routes":[],"schemas":[]}'

function placeRoutes(set: DocumentSet): readonly PlacedRoute[] {
  const basePaths = createBasePaths()
  // The router matches literals decoded: a fragment would answer requests for `%23`, which ask for another path.
  const requested = collectRoutes(set, set.roots).filter((node) => !hasFragment(node))
  const placed = requested.flatMap((node) =>
    basePaths(node).map((base) => ({ path: base + node.template, node })),
  )
  return placed.toSorted(
    (a, b) =>
      comparePaths(a.path, b.path) ||
      comparePaths(a.node.method, b.node.method) ||
      comparePaths(a.node.root.path, b.node.root.path),
  )
}

/** Only operations of AsyncAPI have bindings, which lint has completed. */
function planBindings({ operation }: RouteNode): Pick<Route, 'bindings'> {
  const { bindings } = operation.value
  return bindings === undefined ? {} : { bindings: bindings as Bindings }
}

function planRoute(path: string, node: RouteNode, context: RouteContext, report: ReportPlanFault): Route {
  const { operationId, deprecated } = node.operation.value
  const sunset = node.operation.value['x-sunset']
  // Schemas are numbered as they are met.
  const parameters = planParameters(node, context)
  const body = planBody(node, context)
  const mock = planMock(node, context, report)
  const responseValidation = planResponseValidation(node, context)
  // The members of a route and what it is made of stand in the order in which they are printed.
  return {
    ...planBindings(node),
    body,
    deprecated: deprecated === true,
    dispatch: planDispatch(node),
    method: node.method,
    middlewares: planMiddlewares(node),
    ...mock,
    operation_id: typeof operationId === 'string' ? operationId : null,
    parameters,
    path,
    ...responseValidation,
    spec: node.root.path,
    sunset: typeof sunset === 'string' ? sunset : null,
  }
}

function planMock(
  node: RouteNode,
  context: RouteContext,
  report: ReportPlanFault,
): Pick<Route, 'mock_examples'> {
  const examples = planMockExamples(node, context, report)
  return examples === undefined ? {} : { mock_examples: examples }
}

function planResponseValidation(node: RouteNode, context: RouteContext): Pick<Route, 'response_validation'> {
  const check = responseCheckOf(node)
  if (check === undefined) return {}
  return { response_validation: { ...check, responses: planResponses(node, context) } }
}
