/** Something that holds output back for more to come. */
export interface Holder {
  /** Writes what is held, where there is something. */
  readonly flush: () => void
}

let readers = 0
let holders: Holder[] = []

/**
 * Input at hand is being read. What is held back until {@link endReading} is written then, since nothing more is to come at
 * once: most answers are whole by then, and are one write.
 */
export function beginReading(): void {
  readers += 1
}

export function endReading(): void {
  readers -= 1
  if (readers === 0 && holders.length > 0) flushAll()
}

/** Has a holder flushed when the input at hand is read, or at the end of this turn where none is. */
export function hold(holder: Holder): void {
  holders.push(holder)
  if (readers === 0 && holders.length === 1) void Promise.resolve().then(flushAll)
}

function flushAll(): void {
  const held = holders
  holders = []
  for (const holder of held) holder.flush()
}
