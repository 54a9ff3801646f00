import v8 from 'node:v8'

/** V8 has two halves of its young generation, of which one is in use. */
const MOST_BYTES = 2 * 8 * 1024 * 1024
const CHECK_INTERVAL_MS = 100

/** What of V8 is needed to see the young generation grow and to end that. */
export type Heap = Pick<typeof v8, 'getHeapSpaceStatistics' | 'setFlagsFromString'>

/**
 * Has V8 leave the young generation as it is once it has 16 MB. Of requests nothing is left when they are answered: a
 * larger one is collected more seldom, which is worth a few percent of processor time and some 80 MB of each worker.
 *
 * V8 reads the flag at each collection, so that it can be set when the size is reached; the size itself can be set on the
 * command line only, which is not the gateway's.
 */
export function boundYoungGeneration(heap: Heap = v8): void {
  const timer = setInterval(() => {
    const young = heap.getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')
    if (young !== undefined && young.space_size < MOST_BYTES) return
    clearInterval(timer)
    heap.setFlagsFromString('--semi-space-growth-factor=1')
  }, CHECK_INTERVAL_MS)
  timer.unref()
}
