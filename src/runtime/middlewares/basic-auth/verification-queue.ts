const MAX_RUNNING = 4
const MAX_WAITING = 64

/** Runs a few expensive comparisons at a time, so that wrong passwords cannot take the whole machine. */
export interface VerificationQueue {
  /** Undefined where too many wait already. */
  readonly run: (work: () => Promise<boolean>) => Promise<boolean> | undefined
}

export function createVerificationQueue(): VerificationQueue {
  const waiting: (() => void)[] = []
  let running = 0
  const execute = async (work: () => Promise<boolean>): Promise<boolean> => {
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }
  return {
    run: (work) => {
      if (running < MAX_RUNNING) return execute(work)
      if (waiting.length >= MAX_WAITING) return undefined
      return new Promise((resolve, reject) => {
        waiting.push(() => void execute(work).then(resolve, reject))
      })
    },
  }
}
