import type { BodySink, Fields } from '../http/index.ts'
import type { Stage } from '../telemetry/index.ts'

/** An answer on its way to the client, for a {@link ResponseHook} to see and change. */
export interface GatewayResponse {
  status: number
  /** The fields of the connection and the framing are the engine's: what is set of them has no effect. */
  readonly headers: Fields
  /** The whole body, where the answer was given as one or a hook asked for it; null where it passes as it comes. */
  body: Buffer | null
}

/** Sees an answer before it leaves; calls `next` once, at once or later. */
export type ResponseHook = (response: GatewayResponse, next: () => void) => void

/** How an answer leaves once the hooks have seen it. */
export interface ResponseExit {
  readonly send: () => void
  readonly stream: () => BodySink
  /** Instead of both, when the body is larger than a hook allows that has to see it. */
  readonly refuse: () => void
  /** Takes what a step throws. */
  readonly attempt: (step: () => void) => void
}

/** The response hooks of one exchange; the one that was registered last sees an answer first. */
export class ResponsePhase {
  readonly #hooks: ResponseHook[] = []
  /** The stages that the hooks are of. */
  readonly #stages: (Stage | null)[] = []
  #bodyLimitBytes = Infinity

  add(hook: ResponseHook, bodyLimitBytes: number | undefined, stage: Stage | null = null): void {
    this.#hooks.push(hook)
    this.#stages.push(stage)
    if (bodyLimitBytes !== undefined) this.#bodyLimitBytes = Math.min(this.#bodyLimitBytes, bodyLimitBytes)
  }

  run(response: GatewayResponse, done: () => void): void {
    const step = (index: number): void => {
      const hook = this.#hooks[index]
      if (hook === undefined) return done()
      const stage = this.#stages[index] ?? null
      if (stage === null || stage.response === null) return hook(response, () => step(index - 1))
      const { response: duration, nowMs } = stage
      const startedMs = nowMs()
      hook(response, () => {
        duration.observe((nowMs() - startedMs) / 1000)
        step(index - 1)
      })
    }
    step(this.#hooks.length - 1)
  }

  /** Takes a streamed answer: its head leaves after the hooks have run, and they run after its body if one asked. */
  sink(response: GatewayResponse, exit: ResponseExit): BodySink {
    if (this.#bodyLimitBytes !== Infinity) return new CollectingSink(this, response, exit)
    let opened: BodySink | undefined
    let held: HeldSink | undefined
    exit.attempt(() =>
      this.run(response, () => {
        const sink = exit.stream()
        if (held === undefined) opened = sink
        else held.open(sink)
      }),
    )
    // Most hooks do not wait, and then nothing has to be held.
    return opened ?? (held = new HeldSink())
  }

  get bodyLimitBytes(): number {
    return this.#bodyLimitBytes
  }
}

/** Holds what comes before the hooks are done, which is little: the writer is told to wait. */
class HeldSink implements BodySink {
  #sink: BodySink | undefined
  #onDrain: (() => void) | undefined
  #held: Buffer[] = []
  #trailers = ''
  #end: 'open' | 'ended' | 'destroyed' = 'open'

  open(sink: BodySink): void {
    this.#sink = sink
    if (this.#end === 'destroyed') return sink.destroy()
    if (this.#onDrain !== undefined) sink.onDrain(this.#onDrain)
    const held = this.#held
    this.#held = []
    let isRoomy = true
    for (const chunk of held) isRoomy = sink.write(chunk)
    if (this.#end === 'ended') sink.end(this.#trailers)
    else if (held.length > 0 && isRoomy) this.#onDrain?.()
  }

  write(chunk: Buffer): boolean {
    if (this.#sink !== undefined) return this.#sink.write(chunk)
    this.#held.push(chunk)
    return false
  }

  onDrain(listener: () => void): void {
    this.#onDrain = listener
    this.#sink?.onDrain(listener)
  }

  end(trailers = ''): void {
    this.#end = 'ended'
    this.#trailers = trailers
    this.#sink?.end(trailers)
  }

  destroy(): void {
    this.#end = 'destroyed'
    this.#sink?.destroy()
  }
}

/** Collects a body for the hooks that have to see the whole of it. */
class CollectingSink implements BodySink {
  readonly #phase: ResponsePhase
  readonly #response: GatewayResponse
  readonly #exit: ResponseExit
  readonly #chunks: Buffer[] = []
  #sizeBytes = 0
  #isOver = false

  constructor(phase: ResponsePhase, response: GatewayResponse, exit: ResponseExit) {
    this.#phase = phase
    this.#response = response
    this.#exit = exit
  }

  write(chunk: Buffer): boolean {
    if (this.#isOver) return true
    this.#sizeBytes += chunk.byteLength
    this.#chunks.push(chunk)
    if (this.#sizeBytes > this.#phase.bodyLimitBytes) {
      this.#isOver = true
      this.#exit.refuse()
    }
    return true
  }

  /** It is never full: it refuses instead. */
  onDrain(): void {}

  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#response.body = Buffer.concat(this.#chunks)
    this.#exit.attempt(() => this.#phase.run(this.#response, this.#exit.send))
  }

  destroy(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#exit.stream().destroy()
  }
}
