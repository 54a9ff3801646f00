import type { BodySink } from '../http/index.ts'
import type { InspectionExit, Refusal } from './response-inspector.ts'

interface Inspection extends InspectionExit {
  /** Judges the whole body; null where it was too long, or did not come to its end. */
  readonly judge: (body: Buffer | null) => Refusal | undefined
  readonly maxBodyBytes: number
}

/** Takes the body of an answer that was refused. */
export const discard: BodySink = {
  write: () => true,
  onDrain: () => undefined,
  end: () => undefined,
  destroy: () => undefined,
}

/** Lets a body pass as it comes, and judges it when it has left. */
export class CopyingSink implements BodySink {
  readonly #inspection: Inspection
  readonly #sink: BodySink
  #chunks: Buffer[] | null = []
  #sizeBytes = 0

  constructor(inspection: Inspection) {
    this.#inspection = inspection
    this.#sink = inspection.open()
  }

  write(chunk: Buffer): boolean {
    this.#sizeBytes += chunk.byteLength
    if (this.#sizeBytes > this.#inspection.maxBodyBytes) this.#chunks = null
    this.#chunks?.push(chunk)
    return this.#sink.write(chunk)
  }

  onDrain(listener: () => void): void {
    this.#sink.onDrain(listener)
  }

  end(): void {
    this.#sink.end()
    const { attempt, judge } = this.#inspection
    const chunks = this.#chunks
    // What the client waits for goes first.
    setImmediate(() => attempt(() => void judge(chunks === null ? null : Buffer.concat(chunks))))
  }

  destroy(): void {
    this.#sink.destroy()
    this.#inspection.attempt(() => void this.#inspection.judge(null))
  }
}

/** Holds a body back until it is judged; one that is too long passes unjudged from there on. */
export class HoldingSink implements BodySink {
  readonly #inspection: Inspection
  #held: Buffer[] = []
  #sizeBytes = 0
  #sink: BodySink | undefined
  #onDrain: (() => void) | undefined

  constructor(inspection: Inspection) {
    this.#inspection = inspection
  }

  write(chunk: Buffer): boolean {
    if (this.#sink !== undefined) return this.#sink.write(chunk)
    this.#held.push(chunk)
    this.#sizeBytes += chunk.byteLength
    if (this.#sizeBytes <= this.#inspection.maxBodyBytes) return true
    const refusal = this.#inspection.judge(null)
    if (refusal !== undefined) return this.#refuse(refusal)
    return this.#release()
  }

  onDrain(listener: () => void): void {
    this.#onDrain = listener
    this.#sink?.onDrain(listener)
  }

  end(): void {
    if (this.#sink !== undefined) return this.#sink.end()
    this.#inspection.attempt(() => {
      const refusal = this.#inspection.judge(Buffer.concat(this.#held))
      if (refusal !== undefined) return void this.#refuse(refusal)
      this.#release()
      this.#sink?.end()
    })
  }

  destroy(): void {
    if (this.#sink === undefined) {
      this.#inspection.judge(null)
      this.#release()
    }
    this.#sink?.destroy()
  }

  /** What still comes is let go. */
  #refuse(refusal: Refusal): boolean {
    this.#sink = discard
    this.#held = []
    this.#inspection.refuse(refusal)
    return true
  }

  #release(): boolean {
    const sink = this.#inspection.open()
    this.#sink = sink
    if (this.#onDrain !== undefined) sink.onDrain(this.#onDrain)
    let isRoomy = true
    for (const chunk of this.#held) isRoomy = sink.write(chunk)
    this.#held = []
    return isRoomy
  }
}
