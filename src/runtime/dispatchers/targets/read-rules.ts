import type { JsonObject } from '../../../domain/index.ts'
import type { HealthCheckRules } from './health-check.ts'
import type { BalancingPolicy, GroupRules } from './target-group.ts'
import type { CheckRules, EjectionRules } from './target-health.ts'

/** Reads `health_check`, defaults filled in. */
export function readCheckRules(config: JsonObject): (CheckRules & HealthCheckRules) | undefined {
  const given = config['health_check'] as JsonObject | undefined
  if (given === undefined) return undefined
  return {
    path: given['path'] as string,
    intervalMs: (given['interval'] as number) * 1000,
    timeoutMs: (given['timeout'] as number) * 1000,
    jitter: given['jitter'] as number,
    statuses: new Set(given['expected_statuses'] as readonly number[]),
    healthyThreshold: given['healthy_threshold'] as number,
    unhealthyThreshold: given['unhealthy_threshold'] as number,
  }
}

/** Reads `load_balancing` and `ejection`, defaults filled in. */
export function readGroupRules(config: JsonObject): GroupRules {
  const balancing = (config['load_balancing'] ?? {}) as JsonObject
  const check = readCheckRules(config)
  return {
    policy: (balancing['policy'] ?? 'round-robin') as BalancingPolicy,
    hashOn: (balancing['hash_on'] ?? 'client_ip') as string,
    ejection: readEjection(config['ejection'] as JsonObject | undefined),
    downMs: check === undefined ? 0 : check.intervalMs * check.healthyThreshold,
  }
}

function readEjection(given: JsonObject | undefined): EjectionRules | undefined {
  if (given === undefined) return undefined
  return {
    consecutiveFailures: given['consecutive_failures'] as number,
    statuses: new Set(given['statuses'] as readonly number[]),
    baseMs: (given['base_seconds'] as number) * 1000,
    maxMs: (given['max_seconds'] as number) * 1000,
  }
}
