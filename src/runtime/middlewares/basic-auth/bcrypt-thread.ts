import { Worker } from 'node:worker_threads'

import { readBcryptLibrary } from './bcrypt-library.ts'

/** Computes bcrypt on a thread of its own: a comparison takes 50 ms and more, and yields to nothing. */
const SOURCE = `
const { parentPort, workerData } = require('node:worker_threads')
const library = { exports: {} }
new Function('module', 'exports', workerData)(library, library.exports)
const { bcryptVerify } = library.exports
parentPort.on('message', async ({ id, password, hash }) => {
  try {
    parentPort.postMessage({ id, isRight: await bcryptVerify({ password, hash }) })
  } catch (error) {
    parentPort.postMessage({ id, reason: String(error) })
  }
})
`

interface Answer {
  readonly id: number
  readonly isRight?: boolean
  readonly reason?: string
}

interface Waiter {
  readonly resolve: (isRight: boolean) => void
  readonly reject: (error: Error) => void
}

let thread: Worker | undefined
let nextId = 0
const waiters = new Map<number, Waiter>()

/**
 * Whether a password is the one of a hash; the thread is started at the first use and keeps the process alive only while
 * it works.
 */
export function compareBcrypt(password: string, hash: string): Promise<boolean> {
  thread ??= start()
  const id = nextId++
  const worker = thread
  return new Promise((resolve, reject) => {
    waiters.set(id, { resolve, reject })
    worker.ref()
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
    worker.postMessage({ id, password, hash })
  })
}

function start(): Worker {
  const worker = new Worker(SOURCE, { eval: true, workerData: readBcryptLibrary() })
  worker.on('message', ({ id, isRight, reason }: Answer) => {
    const waiter = waiters.get(id)
    waiters.delete(id)
    if (waiters.size === 0) worker.unref()
    if (isRight === undefined) waiter?.reject(new Error(`bcrypt failed: ${reason}`))
    else waiter?.resolve(isRight)
  })
  worker.on('error', (error) => {
    thread = undefined
    for (const { reject } of waiters.values()) reject(error)
    waiters.clear()
  })
  return worker
}
