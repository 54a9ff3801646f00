/** Something that has output for the end of the turn. */
export interface Pending {
  readonly flush: () => void
}

/** So many may wait for the end of a turn: the first one shall not wait for what hundreds of others are still to read. */
const MAX_PENDING = 32

let pending: Pending[] = []
let isScheduled = false

/**
 * Has output written when all input of this turn of the event loop is read, or when enough has come together. Writes that
 * follow each other at once wake a peer once; a peer that is woken for each of them costs more than the write itself.
 */
export function flushAtTurnEnd(output: Pending): void {
  pending.push(output)
  if (pending.length >= MAX_PENDING) return flushAll()
  if (isScheduled) return
  isScheduled = true
  setImmediate(endTurn)
}

function endTurn(): void {
  isScheduled = false
  flushAll()
}

function flushAll(): void {
  const outputs = pending
  pending = []
  for (const output of outputs) output.flush()
}
