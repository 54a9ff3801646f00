import { setTimeout } from 'node:timers/promises'

import type { Artifact } from '../artifact/index.ts'
import type { ConfigurationReport, SignatureStatus } from './admin/index.ts'
import type { Configuration } from './configuration.ts'
import { runtimeProblems as problems } from './problems.ts'
import type { Counter, Logger } from './telemetry/index.ts'

/** An artifact that may be served, and where it came from. */
export interface VerifiedArtifact {
  readonly artifact: Artifact
  /** The file it was read from; its digest is part of the provenance. */
  readonly path: string | null
  /** What was found of the artifact's signature; unsigned unless given. */
  readonly signature?: SignatureStatus | undefined
}

/** A configuration that is ready to take over, and has not yet. */
export interface PreparedConfiguration {
  /** New requests see it from now on; those in flight finish on the one they began with. */
  readonly activate: () => void
  readonly discard: () => void
}

export interface ConfigurationsOptions {
  readonly load: (verified: VerifiedArtifact) => Configuration
  /** How long requests may go on with a configuration that was replaced; Infinity for as long as they last. */
  readonly retireTimeoutMs: number
  /** Requests that have gone on for longer. */
  readonly cutOff: Counter
  readonly log: Logger
}

/** How long a configuration that is not used any more goes on forwarding what it has answered. */
const DELIVERIES_MS = 60_000

/** The configurations of a gateway: the one that requests get, those that are being loaded, those that end. */
export class Configurations {
  readonly #options: ConfigurationsOptions
  readonly #loading = new Set<Artifact>()
  readonly #retired = new Map<Configuration, Promise<boolean>>()
  #active: Configuration

  /** @throws {ProblemError} for an artifact that cannot be served. */
  constructor(first: VerifiedArtifact, options: ConfigurationsOptions) {
    this.#options = options
    this.#active = options.load(first)
  }

  get active(): Configuration {
    return this.#active
  }

  get retiredCount(): number {
    return this.#retired.size
  }

  /**
   * Loads an artifact beside what runs, and compiles all of it, so that the first requests do not wait.
   *
   * @throws {ProblemError} for an artifact that cannot be served; everything is as it was then.
   */
  async prepare(verified: VerifiedArtifact): Promise<PreparedConfiguration> {
    const { artifact } = verified
    this.#loading.add(artifact)
    try {
      const next = this.#options.load(verified)
      const [fault] = await next.warmed
      if (fault !== undefined) {
        this.#end(next)
        throw problems.BCN_SCHEMA_UNCOMPILABLE({ reason: fault.message }, { cause: fault })
      }
      return { activate: () => this.#activate(next), discard: () => this.#end(next) }
    } finally {
      this.#loading.delete(artifact)
    }
  }

  /** Loads an artifact and puts it into service at once. @throws {ProblemError} as {@link prepare} */
  replace(verified: VerifiedArtifact): void {
    this.#activate(this.#options.load(verified))
  }

  report(): readonly ConfigurationReport[] {
    return [
      ...[...this.#loading].map((artifact) => reportOf(artifact, 'loading')),
      reportOf(this.#active.artifact, 'active', this.#active),
      ...[...this.#retired.keys()].map((one) => reportOf(one.artifact, 'retired', one)),
    ]
  }

  /**
   * Ends all of them; what was answered and is still to be forwarded has this time. Resolves to false where that was too
   * short.
   */
  async close(graceMs: number): Promise<boolean> {
    const active = this.#retire(this.#active, graceMs)
    const ended = await Promise.all([active, within(graceMs, this.#retired.values())])
    return ended.every(Boolean)
  }

  #activate(next: Configuration): void {
    const previous = this.#active
    this.#active = next
    this.#end(previous)
  }

  #end(configuration: Configuration): void {
    const end = this.#retire(configuration, DELIVERIES_MS)
      .catch((error: unknown) => {
        this.#options.log.log('error', 'a configuration did not end cleanly', { reason: String(error) })
        return false
      })
      .finally(() => this.#retired.delete(configuration))
    this.#retired.set(configuration, end)
  }

  #retire(configuration: Configuration, deliveriesMs: number): Promise<boolean> {
    const { retireTimeoutMs: requestsMs, cutOff, log } = this.#options
    return configuration.retire({
      requestsMs,
      deliveriesMs,
      onCutOff: (requests) => {
        cutOff.increment(requests)
        const { artifact_hash } = configuration.artifact.manifest
        const facts = { artifact_hash, requests, timeout_seconds: requestsMs / 1000 }
        log.log('warn', 'requests of a configuration that was replaced are cut off', facts)
      },
    })
  }
}

/** True where all of them have ended well within a time. */
async function within(timeoutMs: number, ends: Iterable<Promise<boolean>>): Promise<boolean> {
  const late = new AbortController()
  const timeout = setTimeout(timeoutMs, false, { signal: late.signal }).catch(() => false)
  const isWhole = await Promise.race([Promise.all(ends).then((ended) => ended.every(Boolean)), timeout])
  late.abort()
  return isWhole
}

function reportOf(
  { manifest, digest }: Artifact,
  state: ConfigurationReport['state'],
  loaded?: Configuration,
): ConfigurationReport {
  return {
    artifact_hash: manifest.artifact_hash,
    artifact_digest: digest,
    state,
    loaded_at: loaded === undefined ? null : new Date(loaded.loadedAtMs).toISOString(),
    requests_in_flight: loaded?.requestsInFlight() ?? 0,
  }
}
