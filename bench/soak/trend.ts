import { median } from '../measure.ts'

/** What a gateway at rest had at one time. */
export interface Sample {
  readonly minutes: number
  readonly residentMb: number
  readonly heapMb: number
  readonly externalMb: number
  readonly descriptors: number
}

export const MEASURES = ['residentMb', 'heapMb', 'externalMb', 'descriptors'] as const
export type Measure = (typeof MEASURES)[number]

/** The slope of the straight line nearest to the samples (least squares), a minute. */
export function slopeOf(samples: readonly Sample[], measure: Measure): number {
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length
  const meanTime = mean(samples.map(({ minutes }) => minutes))
  const meanValue = mean(samples.map((sample) => sample[measure]))
  const spread = samples.reduce((sum, { minutes }) => sum + (minutes - meanTime) ** 2, 0)
  const common = samples.reduce(
    (sum, sample) => sum + (sample.minutes - meanTime) * (sample[measure] - meanValue),
    0,
  )
  return common / spread
}

/** How much more the last third of the samples had than the first, by their medians. */
export function growthOf(samples: readonly Sample[], measure: Measure): number {
  const third = Math.ceil(samples.length / 3)
  const middle = (some: readonly Sample[]) => median(some.map((sample) => sample[measure]))
  return middle(samples.slice(-third)) - middle(samples.slice(0, third))
}
