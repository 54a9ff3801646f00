import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import { replaceFile } from '../test/support/versioned-api.ts'
import { soakArtifact } from './soak/artifact.ts'
import { clientDeeds, type Deed } from './soak/clients.ts'
import { startSoakGateway } from './soak/gateway.ts'
import { startService } from './soak/service.ts'
import { growthOf, MEASURES, slopeOf, type Measure, type Sample } from './soak/trend.ts'

const { values: options, positionals } = parseArgs({
  options: { tls: { type: 'boolean', default: false }, workers: { type: 'string', default: '1' } },
  allowPositionals: true,
})
const minutes = Number(positionals[0] ?? 5)
const workers = Number(options.workers)
/** Clients that do one thing after the other, of each kind. */
const CLIENTS_OF_A_KIND = 3
/** Clients work so long, then rest, so that what is left can be measured. */
const WORK_MS = 9_000
const RELOAD_EVERY_MS = 800
const RESTART_EVERY_MS = 4_000
/** The caches, quotas and compiled code of the gateway have their final size after this share of the time. */
const WARM_UP = 0.3
/** What the last third may have more than the first after the warm-up. */
const ALLOWED: Readonly<Partial<Record<Measure, number>>> = { heapMb: 3, externalMb: 3, descriptors: 5 }

const folder = mkdtempSync(join(tmpdir(), 'soak-'))
const artifactPath = join(folder, 'api.bca')
const service = await startService()
writeFileSync(artifactPath, soakArtifact(service.origin, 0))
const gateway = await startSoakGateway({ folder, artifactPath, usesTls: options.tls, workers })
gateway.process.on('exit', (code) => {
  if (!isOver) throw new Error(`the gateway has ended with ${code}`)
})
let isOver = false

const outcomes = new Map<string, Map<string, number>>()
let reloads = 0
let restarts = 0
const samples: Sample[] = []
const startedMs = performance.now()
const elapsedMinutes = () => (performance.now() - startedMs) / 60_000
const deeds = Object.entries(clientDeeds(gateway.port, options.tls))
let turn = 0

while (elapsedMinutes() < minutes) {
  const untilMs = performance.now() + WORK_MS
  const isWork = () => performance.now() < untilMs
  await Promise.all([
    ...deeds.flatMap(([name, deed]) =>
      Array.from({ length: CLIENTS_OF_A_KIND }, () => work(name, deed, isWork)),
    ),
    repeat(RELOAD_EVERY_MS, isWork, async () => {
      reloads += 1
      replaceFile(artifactPath, soakArtifact(service.origin, reloads))
      gateway.process.kill('SIGHUP')
    }),
    repeat(RESTART_EVERY_MS, isWork, async () => {
      restarts += 1
      await service.restart(50)
    }),
    repeat(1000, isWork, async () => void (await (await fetch(`${gateway.admin}/metrics`)).text())),
  ])
  await setTimeout(700)
  samples.push({ minutes: elapsedMinutes(), ...(await gateway.measure()) })
  const { minutes: at, residentMb, heapMb, externalMb, descriptors } = samples.at(-1) as Sample
  console.error(
    `${at.toFixed(1)} min: ${residentMb.toFixed(0)} MB resident, ${heapMb.toFixed(1)} MB heap, ${externalMb.toFixed(1)} MB external, ${descriptors} descriptors`,
  )
}

const done = (await (await fetch(`${gateway.admin}/metrics`)).text()).split('\n')
const metric = (name: string) =>
  done.filter((line) => line.startsWith(name)).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
const loads = metric('barbacane_reloads_total{result="loaded"}')
const retired = metric('barbacane_retired_configurations ')
isOver = true
gateway.process.kill('SIGTERM')
await once(gateway.process, 'exit')
service.stop()
rmSync(folder, { recursive: true })

console.log('| clients | what came of it |\n|---|---|')
for (const [name, counts] of outcomes) {
  const texts = [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([outcome, count]) => `${outcome}: ${count}`)
  console.log(`| ${name} | ${texts.join(', ')} |`)
}
console.log(
  `\n${turn} deeds of clients, ${metric('barbacane_requests_total')} requests, ${loads} reloads (${reloads} asked for), ` +
    `${restarts} restarts of the service, ${metric('barbacane_connections_total')} connections, ${gateway.logLines()} lines of the log, ` +
    `${retired} configurations left\n`,
)
for (const line of gateway.slowRequests()) console.log(`slow: ${line}`)
const settled = samples.slice(Math.ceil(samples.length * WARM_UP))
console.log(
  '| at rest | at first | after the warm-up | at the end | slope a minute | last third more than first |',
)
console.log('|---|---|---|---|---|---|')
const [first, last] = [samples[0] as Sample, samples.at(-1) as Sample]
for (const name of MEASURES) {
  const values = [first, settled[0] as Sample, last].map((sample) => sample[name].toFixed(1))
  const trend = [slopeOf(settled, name), growthOf(settled, name)].map((value) => value.toFixed(2))
  console.log(`| ${name} | ${[...values, ...trend].join(' | ')} |`)
}
const grown = MEASURES.filter((name) => growthOf(settled, name) > (ALLOWED[name] ?? Infinity))
if (grown.length > 0 || retired > 0) {
  console.error(`not flat: ${grown.join(', ')}; ${retired} configurations left`)
  process.exit(1)
}
process.exit(0)

async function work(name: string, deed: Deed, isWork: () => boolean): Promise<void> {
  const counts = outcomes.get(name) ?? new Map<string, number>()
  outcomes.set(name, counts)
  while (isWork()) {
    turn += 1
    const outcome = await deed(turn)
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  }
}

async function repeat(everyMs: number, isWork: () => boolean, act: () => Promise<void>): Promise<void> {
  while (isWork()) {
    await setTimeout(everyMs)
    await act()
  }
}
