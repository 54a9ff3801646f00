import { isProblemError, ProblemError, type Problem } from '../../domain/index.ts'

/** One end of what two processes send each other. */
export interface Peer {
  readonly send: (message: object) => void
  readonly onMessage: (listener: (message: unknown) => void) => void
  /** Called once, when the other end has gone. */
  readonly onClose: (listener: (reason: string) => void) => void
}

interface Call {
  readonly id: number
  readonly call: string
  readonly argument: unknown
}

interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly problem?: Problem
  readonly fault?: string
}

/** Calls functions of another process. */
export interface Caller {
  /**
   * @throws {ProblemError} that the function has thrown
   * @throws {Error} where the process has gone or takes longer than this
   */
  readonly call: (name: string, argument: unknown, timeoutMs: number) => Promise<unknown>
}

export function createCaller(peer: Peer): Caller {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let nextId = 0
  let closed: string | undefined
  peer.onMessage((message) => {
    const { id, value, problem, fault } = message as Answer
    const waiter = waiting.get(id)
    waiting.delete(id)
    if (problem !== undefined) waiter?.reject(new ProblemError(problem))
    else if (fault !== undefined) waiter?.reject(new Error(fault))
    else waiter?.resolve(value)
  })
  peer.onClose((reason) => {
    closed = reason
    for (const { reject } of waiting.values()) reject(new Error(`the process has gone: ${reason}`))
    waiting.clear()
  })
  return {
    call: (call, argument, timeoutMs) =>
      new Promise((resolve, reject) => {
        if (closed !== undefined) return reject(new Error(`the process has gone: ${closed}`))
        const id = nextId++
        const timer = setTimeout(() => {
          waiting.delete(id)
          reject(new Error(`the process does not answer ${call} in ${timeoutMs} ms`))
        }, timeoutMs)
        const settle =
          <T>(then: (value: T) => void) =>
          (value: T) => {
            clearTimeout(timer)
            then(value)
          }
        waiting.set(id, { resolve: settle(resolve), reject: settle(reject) })
        peer.send({ id, call, argument } satisfies Call)
      }),
  }
}

/** Lets another process call these functions. */
export function serveCalls(
  peer: Peer,
  functions: Readonly<Record<string, (argument: never) => unknown>>,
): void {
  peer.onMessage((message) => {
    const { id, call, argument } = message as Call
    void answer(id, async () => {
      const called = functions[call] as ((argument: unknown) => unknown) | undefined
      if (called === undefined) throw new Error(`there is no ${call}`)
      return await called(argument)
    }).then(peer.send)
  })
}

async function answer(id: number, run: () => Promise<unknown>): Promise<Answer> {
  try {
    return { id, value: await run() }
  } catch (error) {
    if (isProblemError(error)) return { id, problem: error.problem }
    return { id, fault: String(error instanceof Error ? error.stack : error) }
  }
}
