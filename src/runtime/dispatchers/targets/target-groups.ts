import { canonicalJson, sha256Hex, type JsonObject } from '../../../domain/index.ts'
import type { RuntimeHost } from '../../runtime-host.ts'
import type { Logger } from '../../telemetry/index.ts'
import type { UpstreamProtocol, Upstreams } from '../upstreams.ts'
import { HealthCheck } from './health-check.ts'
import { parseTargets } from './parse-targets.ts'
import { readCheckRules, readGroupRules } from './read-rules.ts'
import { TargetGroup, type TargetStatus } from './target-group.ts'
import { TargetHealth } from './target-health.ts'

/** The members of a configuration of `http-upstream` by which operations share a group; the secret ones name none. */
const NAMING = ['url', 'targets', 'load_balancing', 'health_check', 'ejection', 'connect_timeout']
const SHARED = [...NAMING, 'tls', 'protocol']

/** What the admin API says of a group. */
export interface GroupStatus {
  readonly id: string
  readonly targets: readonly TargetStatus[]
}

/** The groups of targets of one configuration of the gateway. */
export interface TargetGroups {
  /**
   * The group of a configuration of `http-upstream`, defaults filled in.
   *
   * @throws {RangeError} for URLs, certificates and keys that cannot be used.
   */
  readonly of: (config: JsonObject) => TargetGroup
  readonly status: () => readonly GroupStatus[]
  /** Begins the checks of all targets. */
  readonly start: () => void
  /** Ends them. */
  readonly close: () => void
}

export interface TargetGroupsOptions {
  readonly upstreams: Upstreams
  readonly host: RuntimeHost
  readonly log: Logger
}

export function createTargetGroups({ upstreams, host, log }: TargetGroupsOptions): TargetGroups {
  const groups = new Map<string, TargetGroup>()
  const checks: HealthCheck[] = []
  return {
    of: (config) => {
      const key = canonicalJson(membersOf(config, SHARED))
      const known = groups.get(key)
      if (known !== undefined) return known
      const check = readCheckRules(config)
      const rules = readGroupRules(config)
      const targets = parseTargets(config).map(({ origin, basePath, weight, tls }, index) => ({
        index,
        upstream: upstreams.of(origin, {
          tls,
          protocol: config['protocol'] as UpstreamProtocol,
          connectTimeoutMs: (config['connect_timeout'] as number) * 1000,
        }),
        basePath,
        weight,
        health: new TargetHealth(check, rules.ejection),
        underWay: 0,
      }))
      const group = new TargetGroup(idOf(config, groups), targets, rules)
      groups.set(key, group)
      if (check !== undefined) {
        for (const target of targets)
          checks.push(new HealthCheck(target, check, { log, random: host.random }))
      }
      return group
    },
    status: () => {
      const nowMs = host.monotonicMs()
      return [...groups.values()].map((group) => ({ id: group.id, targets: group.statusAt(nowMs) }))
    },
    start: () => {
      for (const check of checks) check.start()
    },
    close: () => {
      for (const check of checks) check.stop()
    },
  }
}

function membersOf(config: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, config[name] ?? null]))
}

function idOf(config: JsonObject, groups: ReadonlyMap<string, TargetGroup>): string {
  const id = sha256Hex(canonicalJson(membersOf(config, NAMING))).slice(0, 12)
  const taken = [...groups.values()].filter((group) => group.id.startsWith(id)).length
  return taken === 0 ? id : `${id}-${taken + 1}`
}
