import type { Verdict } from '../verdict.ts'
import type { Alert, Episode, NodeWatch, WatchState } from './watch-state.ts'

/** What a poll found of a node. */
export interface Observation {
  readonly node: string
  readonly environment: string
  readonly verdict: Verdict
  readonly reason: string
  readonly message: string
}

/** Something graver that is found during an episode begins another one. */
const GRAVITY: Readonly<Record<Verdict, number>> = {
  InSync: 0,
  Unreachable: 1,
  ConfigurationDrift: 2,
  TamperedOnDisk: 3,
  NotVerified: 3,
}

/** Polls in a row until it is believed: a packet may get lost, a rollout takes a moment, tampering needs no second look. */
const CONFIRMING_POLLS: Readonly<Record<Verdict, number>> = {
  InSync: 0,
  Unreachable: 3,
  ConfigurationDrift: 2,
  TamperedOnDisk: 1,
  NotVerified: 1,
}

/** Polls in a row in sync until an episode ends; twice as many for each further episode of the last hour. */
const RECOVERING_POLLS = 2
const MAX_RECOVERING_POLLS = 64
const FLAP_WINDOW_MS = 3_600_000
const MAX_OPENINGS = 8
const MAX_PENDING = 1000
const MAX_MESSAGE_LENGTH = 500

export interface Observed {
  readonly state: WatchState
  readonly alerts: readonly Alert[]
}

/**
 * Takes in what a poll found. Pure: the same state, observations and time give the same alerts, so that a restart
 * between two polls changes nothing. Of every episode exactly one alert tells that it began and one that it ended.
 *
 * @param observations of all nodes that are watched; an episode of any other ends
 */
export function observe(state: WatchState, observations: readonly Observation[], nowMs: number): Observed {
  const alerts: Alert[] = []
  const nodes: Record<string, NodeWatch> = {}
  for (const observation of observations) {
    const taken = takeIn(state.nodes[observation.node], observation, nowMs)
    nodes[observation.node] = taken.watch
    alerts.push(...taken.alerts)
  }
  for (const [node, watch] of Object.entries(state.nodes)) {
    if (Object.hasOwn(nodes, node) || watch.episode === null) continue
    const observation = { ...watch, node, message: 'It is no longer watched.' }
    alerts.push(alertOf('left', watch.episode, observation, nowMs))
  }
  return { state: { nodes, pending: [...state.pending, ...alerts].slice(-MAX_PENDING) }, alerts }
}

interface Taken {
  readonly watch: NodeWatch
  readonly alerts: readonly Alert[]
}

function takeIn(before: NodeWatch | undefined, observation: Observation, nowMs: number): Taken {
  const watch = count(before, observation, nowMs)
  return watch.episode === null
    ? beginIfConfirmed(watch, observation, nowMs)
    : goOn(watch, watch.episode, observation, nowMs)
}

/** What is remembered after a poll, before anything follows from it. */
function count(before: NodeWatch | undefined, observation: Observation, nowMs: number): NodeWatch {
  const { environment, verdict, reason } = observation
  const { bad_polls: bad = 0, good_polls: good = 0, graver_polls: graver = 0 } = before ?? {}
  const episode = before?.episode ?? null
  const isGood = verdict === 'InSync'
  const isGraver = episode !== null && GRAVITY[verdict] > GRAVITY[episode.verdict]
  return {
    environment,
    verdict,
    reason,
    since_ms: before?.verdict === verdict ? before.since_ms : nowMs,
    bad_polls: isGood ? 0 : bad + 1,
    good_polls: isGood ? good + 1 : 0,
    graver_polls: isGraver ? graver + 1 : 0,
    episode,
    openings_ms: (before?.openings_ms ?? []).filter((openedMs) => nowMs - openedMs < FLAP_WINDOW_MS),
  }
}

function beginIfConfirmed(watch: NodeWatch, observation: Observation, nowMs: number): Taken {
  const { verdict } = observation
  const isConfirmed = verdict !== 'InSync' && watch.bad_polls >= CONFIRMING_POLLS[verdict]
  return isConfirmed ? open(watch, observation, nowMs) : { watch, alerts: [] }
}

function goOn(watch: NodeWatch, episode: Episode, observation: Observation, nowMs: number): Taken {
  if (watch.graver_polls > 0 && watch.graver_polls >= CONFIRMING_POLLS[observation.verdict]) {
    const superseded = alertOf('superseded', episode, observation, nowMs)
    const next = open(watch, observation, nowMs)
    return { ...next, alerts: [superseded, ...next.alerts] }
  }
  if (watch.good_polls < recoveringPolls(watch)) return { watch, alerts: [] }
  const recovered = alertOf('recovered', episode, observation, nowMs)
  return { watch: { ...watch, episode: null }, alerts: [recovered] }
}

function open(watch: NodeWatch, observation: Observation, nowMs: number): Taken {
  const { node, verdict, reason } = observation
  const episode: Episode = { id: `${node}/${nowMs}`, opened_ms: nowMs, verdict, reason }
  const openings = [...watch.openings_ms, nowMs].slice(-MAX_OPENINGS)
  return {
    watch: { ...watch, episode, graver_polls: 0, openings_ms: openings },
    alerts: [alertOf('opened', episode, observation, nowMs)],
  }
}

function recoveringPolls({ openings_ms: openings }: NodeWatch): number {
  return Math.min(MAX_RECOVERING_POLLS, RECOVERING_POLLS * 2 ** Math.max(0, openings.length - 1))
}

function alertOf(kind: Alert['kind'], episode: Episode, observation: Observation, nowMs: number): Alert {
  const { node, environment, verdict, reason, message } = observation
  return {
    id: `${episode.id}/${kind}`,
    kind,
    episode: episode.id,
    at_ms: nowMs,
    opened_ms: episode.opened_ms,
    node,
    environment,
    verdict,
    reason,
    message: message.slice(0, MAX_MESSAGE_LENGTH),
  }
}
