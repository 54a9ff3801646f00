/** A value that only grows. */
export class Counter {
  value = 0

  increment(by = 1): void {
    this.value += by
  }
}

/** Counts observations by upper bound. */
export class Histogram {
  readonly bounds: readonly number[]
  readonly counts: number[]
  sum = 0
  count = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = bounds.map(() => 0)
  }

  observe(value: number): void {
    this.sum += value
    this.count += 1
    for (let index = 0; index < this.bounds.length; index += 1) {
      if (value > (this.bounds[index] as number)) continue
      this.counts[index] = (this.counts[index] as number) + 1
      return
    }
  }
}

type Labels = Readonly<Record<string, string>>

/** A value with its labels. */
export interface Sample {
  readonly labels: Labels
  readonly value: number
}

/** The children of one metric, one for each set of label values; hold a child instead of asking for it again. */
export interface Family<C> {
  readonly with: (labels: Labels) => C
}

interface Series {
  readonly name: string
  readonly lines: () => readonly string[]
}

/** Collects metrics and writes them in the Prometheus text format 0.0.4. */
export class MetricRegistry {
  readonly #series = new Map<string, Series>()

  counter(name: string, help: string): Family<Counter> {
    return this.#family(
      name,
      `# HELP ${name} ${help}\n# TYPE ${name} counter`,
      () => new Counter(),
      counterLines,
    )
  }

  histogram(name: string, help: string, bounds: readonly number[]): Family<Histogram> {
    const head = `# HELP ${name} ${help}\n# TYPE ${name} histogram`
    return this.#family(name, head, () => new Histogram(bounds), histogramLines)
  }

  /** A value that is asked for when the metrics are read. */
  gauge(name: string, help: string, read: () => number): void {
    this.#callback(name, help, { type: 'gauge', read })
  }

  /** Values with labels that are asked for when the metrics are read. */
  gauges(name: string, help: string, read: () => readonly Sample[]): void {
    const head = `# HELP ${name} ${help}\n# TYPE ${name} gauge`
    const lines = () => read().map(({ labels, value }) => `${name}${braced(formatLabels(labels))} ${value}`)
    this.#series.set(name, { name, lines: () => [head, ...lines()] })
  }

  /** A growing value that something else counts. */
  callbackCounter(name: string, help: string, read: () => number): void {
    this.#callback(name, help, { type: 'counter', read })
  }

  /** A constant 1 with labels that describe what runs; the labels are asked for when the metrics are read. */
  info(name: string, help: string, labels: () => Labels): void {
    const head = `# HELP ${name} ${help}\n# TYPE ${name} gauge`
    this.#series.set(name, { name, lines: () => [head, `${name}{${formatLabels(labels())}} 1`] })
  }

  render(): string {
    const series = [...this.#series.values()]
    return `${series.flatMap((one) => one.lines()).join('\n')}\n`
  }

  #callback(name: string, help: string, { type, read }: { type: string; read: () => number }): void {
    const head = `# HELP ${name} ${help}\n# TYPE ${name} ${type}`
    this.#series.set(name, { name, lines: () => [head, `${name} ${read()}`] })
  }

  #family<C>(
    name: string,
    head: string,
    create: () => C,
    lines: (name: string, labels: string, child: C) => readonly string[],
  ): Family<C> {
    const children = new Map<string, C>()
    this.#series.set(name, {
      name,
      lines: () => [head, ...[...children].flatMap(([labels, child]) => lines(name, labels, child))],
    })
    return {
      with: (labels) => {
        const key = formatLabels(labels)
        const child = children.get(key) ?? create()
        children.set(key, child)
        return child
      },
    }
  }
}

function counterLines(name: string, labels: string, counter: Counter): readonly string[] {
  return [`${name}${braced(labels)} ${counter.value}`]
}

function histogramLines(name: string, labels: string, histogram: Histogram): readonly string[] {
  const prefix = labels === '' ? '' : `${labels},`
  let total = 0
  const buckets = histogram.bounds.map((bound, index) => {
    total += histogram.counts[index] as number
    return `${name}_bucket{${prefix}le="${bound}"} ${total}`
  })
  return [
    ...buckets,
    `${name}_bucket{${prefix}le="+Inf"} ${histogram.count}`,
    `${name}_sum${braced(labels)} ${histogram.sum}`,
    `${name}_count${braced(labels)} ${histogram.count}`,
  ]
}

function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`
}

function formatLabels(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeLabel(value)}"`)
    .join(',')
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
