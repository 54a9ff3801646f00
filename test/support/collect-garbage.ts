import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

let collect: (() => void) | undefined

/** Frees at once everything that nothing refers to any more, so that a test can measure what is left. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  collect ??= runInNewContext('gc') as () => void
  // What a finished call still holds on the stack is let go with the turn of the event loop.
  for (let round = 0; round < 3; round += 1) {
    await new Promise(setImmediate)
    collect()
  }
}
