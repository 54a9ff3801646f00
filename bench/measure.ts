import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface Sample {
  readonly wallMs: number
  readonly cpuMs: number
  readonly peakMb: number
}

const recorder = pathToFileURL(join(import.meta.dirname, 'record-usage.mjs')).href

/**
 * Runs a Node program to its end and reports its own time and peak memory; an exit code that is not expected ends the
 * benchmark.
 */
export function measure(args: readonly string[], cwd: string, exits: readonly number[] = [0]): Sample {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const report = join(folder, 'usage.json')
  const started = performance.now()
  const run = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { ...process.env, NODE_OPTIONS: `--import=${recorder}`, USAGE_REPORT: report },
  })
  const wallMs = performance.now() - started
  if (run.status === null || !exits.includes(run.status))
    throw new Error(`${args.join(' ')} left with ${run.status}\n${run.stderr.slice(-2000)}`)
  const usage = JSON.parse(readFileSync(report, 'utf8')) as Omit<Sample, 'wallMs'>
  rmSync(folder, { recursive: true })
  return { wallMs, ...usage }
}

/** Runs the contenders in turn, round by round, so that drift of the machine hits all of them alike. */
export function alternate<Name extends string>(
  rounds: number,
  contenders: Readonly<Record<Name, () => Sample>>,
): Record<Name, readonly Sample[]> {
  const names = Object.keys(contenders) as Name[]
  const samples = Object.fromEntries(names.map((name) => [name, [] as Sample[]])) as Record<Name, Sample[]>
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const sample = contenders[name]()
      if (round >= 0) samples[name].push(sample)
    }
  }
  return samples
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b)
  return ordered[Math.floor(ordered.length / 2)] ?? Number.NaN
}

/** A Markdown table of medians, with each row's wall time as a ratio to the row named as the peer. */
export function table(samples: Readonly<Record<string, readonly Sample[]>>, peer: string): string {
  const peerWall = median((samples[peer] ?? []).map((sample) => sample.wallMs))
  const rows = Object.entries(samples).map(([name, all]) => {
    const of = (key: keyof Sample) => median(all.map((sample) => sample[key]))
    const ratio = (peerWall / of('wallMs')).toFixed(2)
    return `| ${name} | ${of('wallMs').toFixed(0)} | ${of('cpuMs').toFixed(0)} | ${of('peakMb').toFixed(0)} | ${ratio}× |`
  })
  return ['| | wall ms | cpu ms | peak MB | speed against the peer |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  )
}
