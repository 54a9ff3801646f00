interface Family {
  readonly head: string[]
  type: string
  readonly samples: Map<string, number>
}

/** Metrics of one process, in the Prometheus text format 0.0.4. */
export interface Exposition {
  readonly text: string
  /** True where the process has gone: what it counted stays, what it had is no more. */
  readonly isGone?: boolean
}

/**
 * Makes one exposition of those of several processes: counts and amounts are added; of times the earliest counts, of
 * states that are 0 or 1 the worst, and what only describes stays as it is.
 */
export function mergeExpositions(expositions: readonly Exposition[]): string {
  const families = new Map<string, Family>()
  for (const { text, isGone = false } of expositions) {
    let family: Family | undefined
    for (const line of text.split('\n')) {
      if (line === '') continue
      const [mark, kind, name, ...rest] = line.split(' ')
      if (mark === '#') {
        family = families.get(name as string) ?? { head: [], type: '', samples: new Map() }
        families.set(name as string, family)
        if (kind === 'TYPE') family.type = rest.join(' ')
        if (!family.head.includes(line)) family.head.push(line)
      } else if (family !== undefined && !(isGone && family.type === 'gauge')) add(family, line)
    }
  }
  const lines = [...families.values()].flatMap(({ head, samples }) => [
    ...head,
    ...[...samples].map(([series, value]) => `${series} ${value}`),
  ])
  return `${lines.join('\n')}\n`
}

function add({ type, samples }: Family, line: string): void {
  const end = line.lastIndexOf(' ')
  const [series, value] = [line.slice(0, end), Number(line.slice(end + 1))]
  const before = samples.get(series)
  samples.set(series, before === undefined ? value : combined(type, series, [before, value]))
}

function combined(type: string, series: string, values: readonly [number, number]): number {
  const name = series.split('{')[0] as string
  if (type !== 'gauge') return values[0] + values[1]
  if (name.endsWith('_info')) return Math.max(...values)
  if (/_(?:up|timestamp_seconds|start_time_seconds)$/.test(name)) return Math.min(...values)
  return values[0] + values[1]
}
