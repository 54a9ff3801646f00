import { loadPlan, type Artifact } from '../artifact/index.ts'
import { parsePointer, type CompiledPlan, type ApiContract, type JsonSchema } from '../domain/index.ts'
import { changeLevels, type ChangeLevel } from './change-definition.ts'
import type { Change, Report } from './change.ts'
import { changeDefinitions } from './change-definitions.ts'
import { compareBuilds } from './compare-builds.ts'
import { compareOperation } from './compare-operation.ts'
import { compareResponses } from './compare-responses.ts'
import { compareSecurity } from './compare-security.ts'
import type { PlanSchemas } from './compare-parameters.ts'
import { maskSecrets } from './mask-secrets.ts'
import { matchOperations, nameOf, type RoutePair } from './match-operations.ts'
import { compareSchemas, typesOf } from './schema/index.ts'

/** All differences between two APIs. */
export interface Difference {
  /** The gravest first, then in the order of the operations. */
  readonly changes: readonly Change[]
  readonly counts: Readonly<Record<ChangeLevel, number>>
  /** Names such as `GET /books/{id}`. */
  readonly operations: Readonly<Record<'added' | 'changed' | 'removed', readonly string[]>>
}

export interface CompareOptions {
  /** Compares plugins, inputs, options and compiler too; false where a side is a description by itself. */
  readonly withBuild: boolean
  /** What the descriptions of each side say of requests and answers; not compared where it is left out. */
  readonly contracts?: readonly [before: ApiContract, after: ApiContract]
}

/**
 * Compares two verified artifacts by what their difference means for clients of the API.
 *
 * @throws {ProblemError} BCN_ARTIFACT_PLAN when a plan is not one that this version understands.
 */
export function compareApis(
  before: Artifact,
  after: Artifact,
  { withBuild, contracts }: CompareOptions,
): Difference {
  const changes: Change[] = []
  const reportOn =
    (operation: string | null): Report =>
    (id, pointer, { before: was = null, after: is = null } = {}) => {
      const names = namesAround(pointer)
      const values = { before: maskSecrets(was, names), after: maskSecrets(is, names) }
      const { kind, level, reason } = changeDefinitions[id]
      changes.push({ id, kind, subject: { operation, pointer }, level, ...values, reason })
    }
  const plans = [loadPlan(before), loadPlan(after)] as const
  const { pairs, added, removed } = matchOperations(plans[0].routes, plans[1].routes)
  for (const route of removed) reportOn(nameOf(route))('operation-removed', '')
  for (const route of added) reportOn(nameOf(route))('operation-added', '')
  for (const pair of pairs) {
    const report = reportOn(nameOf(pair.after))
    compareOperation(pair, schemasOf(plans, report), report)
    if (contracts !== undefined) compareContracts(pair, contracts, report)
  }
  if (withBuild) compareBuilds(before, after, reportOn(null))
  const changed = new Set(changes.flatMap(({ subject: { operation } }) => operation ?? []))
  return {
    changes: changeLevels.flatMap((level) => changes.filter((change) => change.level === level)),
    counts: countByLevel(changes),
    operations: {
      added: added.map(nameOf),
      changed: pairs.map((pair) => nameOf(pair.after)).filter((name) => changed.has(name)),
      removed: removed.map(nameOf),
    },
  }
}

function compareContracts(
  pair: RoutePair,
  contracts: readonly [ApiContract, ApiContract],
  report: Report,
): void {
  const was = contracts[0].routes.get(nameOf(pair.before))
  const is = contracts[1].routes.get(nameOf(pair.after))
  if (was === undefined || is === undefined) return
  compareSecurity(was.security, is.security, report)
  compareResponses([was.responses, is.responses], [contracts[0].schemas, contracts[1].schemas], report)
}

function countByLevel(changes: readonly Change[]): Readonly<Record<ChangeLevel, number>> {
  const count = (wanted: ChangeLevel) => changes.filter(({ level }) => level === wanted).length
  return { breaking: count('breaking'), risky: count('risky'), safe: count('safe') }
}

function schemasOf(plans: readonly [CompiledPlan, CompiledPlan], report: Report): PlanSchemas {
  return {
    compare: ({ before, after, pointer, isText }) =>
      compareSchemas({
        before: schemaAt(plans[0], before),
        after: schemaAt(plans[1], after),
        isText,
        report: (id, at, values) => report(id, pointer + at, values),
      }),
    mayBeStructured: (index) => mayBeStructured(schemaAt(plans[1], index)),
  }
}

function schemaAt({ schemas }: CompiledPlan, index: number | null): JsonSchema {
  return index === null ? true : (schemas[index] ?? true)
}

/** Where references or alternatives lead is not followed: the answer is then that it may be. */
function mayBeStructured(schema: JsonSchema): boolean {
  if (typeof schema === 'boolean') return schema
  const types = typesOf(schema['type'])
  return types.has('array') || types.has('object')
}

/** What a value stands under where it may be a secret: the names of a configuration, or of a property with a value. */
function namesAround(pointer: string): readonly string[] {
  const place = /\/config(\/.*)$|(\/.*)\/(?:default|enum)$/.exec(pointer)
  return parsePointer(place?.[1] ?? place?.[2] ?? '')
}
