import v8 from 'node:v8'

/** V8 has two halves of its young generation, of which one is in use. */
const MOST_BYTES = 2 * 8 * 1024 * 1024
const CHECK_INTERVAL_MS = 100
/** How many times as large it may become at once; 2 is what V8 begins with. */
const [GROWING, STAYING] = [2, 1]

/** What of V8 is needed to see the young generation grow and to end that. */
export type Heap = Pick<typeof v8, 'getHeapSpaceStatistics' | 'setFlagsFromString'>

/**
 * Has V8 leave the young generation as it is as long as it has 16 MB. Of requests nothing is left when they are answered: a
 * larger one is collected more seldom, which is worth a few percent of processor time and some 80 MB of each worker.
 *
 * V8 reads the flag at each collection, so that it can be set while it runs; the size itself can be set on the command line
 * only, which is not the gateway's. A young generation that is not used V8 makes smaller, and then it has to grow again.
 */
export function boundYoungGeneration(heap: Heap = v8): void {
  let mayGrow = false
  const settle = () => heap.setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? GROWING : STAYING}`)
  // While an artifact is loaded nobody could stop it.
  settle()
  const timer = setInterval(() => {
    const young = heap.getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')
    const isSmall = young !== undefined && young.space_size < MOST_BYTES
    if (isSmall === mayGrow) return
    mayGrow = isSmall
    settle()
  }, CHECK_INTERVAL_MS)
  timer.unref()
}
