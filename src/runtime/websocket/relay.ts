import type { Duplex } from 'node:stream'

import { noticeReset, type Watch, type Watched } from '../http/index.ts'
import { FrameTracker } from './frame-tracker.ts'

export interface RelayLimits {
  /** Without a byte either way. */
  readonly idleTimeoutMs: number
  readonly maxLifetimeMs: number
}

/** A frame that closes with 1001, going away (RFC 6455 §5.5.1, §7.4.1). */
const CLOSE_TO_CLIENT = Buffer.of(0x88, 0x02, 0x03, 0xe9)
/** Frames of a client are masked. The key hides from proxies what a script has chosen (§10.3); nobody has chosen this. */
const CLOSE_TO_SERVICE = Buffer.of(0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe9)
/** Both have this long to answer a frame that closes. */
const CLOSE_TIMEOUT_MS = 2_000
/** When one of them has gone, the other has this long to take what was on its way. */
const TAKE_REST_TIMEOUT_MS = 10_000

/** The bytes that go one way, no faster than they are taken. */
class Direction {
  readonly from: Duplex
  readonly to: Duplex
  readonly tracker = new FrameTracker()
  readonly #closeFrame: Buffer
  readonly #onActivity: () => void
  #state: 'open' | 'ending' | 'ended' = 'open'

  constructor(from: Duplex, to: Duplex, closeFrame: Buffer, onActivity: () => void) {
    this.from = from
    this.to = to
    this.#closeFrame = closeFrame
    this.#onActivity = onActivity
    from.on('data', (chunk: Buffer) => this.#onData(chunk))
    from.on('end', () => to.end())
    to.on('drain', () => from.resume())
    // It may have ended while the other side was asked.
    if (from.readableEnded) to.end()
  }

  /** Closes in the name of the other side, as soon as no frame is in the way; what follows reaches nobody. */
  close(): void {
    if (this.#state !== 'open') return
    this.#state = 'ending'
    this.#closeBetweenFrames()
  }

  #onData(chunk: Buffer): void {
    this.#onActivity()
    const readBytes = this.tracker.read(chunk, this.#state === 'ending')
    if (this.#state === 'ended') return
    if (readBytes > 0 && !this.to.write(chunk.subarray(0, readBytes))) this.from.pause()
    if (this.#state !== 'ending') return
    this.#closeBetweenFrames()
    this.tracker.read(chunk.subarray(readBytes))
  }

  #closeBetweenFrames(): void {
    if (!this.tracker.isBetweenFrames) return
    this.#state = 'ended'
    // Whoever has closed by itself is not to be told.
    if (!this.tracker.hasClosed && this.to.writable) this.to.write(this.#closeFrame)
    this.from.resume()
  }
}

/**
 * Carries bytes between a client and a service that have agreed on WebSocket, until one of them ends, a limit is reached, or
 * {@link Relay.close} is called.
 */
export class Relay implements Watched {
  readonly #client: Duplex
  readonly #service: Duplex
  readonly #limits: RelayLimits
  readonly #watch: Watch
  readonly #onEnd: () => void
  readonly #directions: readonly Direction[]
  #idleDeadlineMs: number
  #deadlineMs: number
  #isClosing = false
  #isOneGone = false

  /** @param onEnd both connections are closed */
  constructor(
    client: Duplex,
    service: Duplex,
    {
      limits,
      watch,
      onEnd,
    }: { readonly limits: RelayLimits; readonly watch: Watch; readonly onEnd: () => void },
  ) {
    this.#client = client
    this.#service = service
    this.#limits = limits
    this.#watch = watch
    this.#onEnd = onEnd
    this.#idleDeadlineMs = watch.deadlineMs(limits.idleTimeoutMs)
    this.#deadlineMs = watch.deadlineMs(limits.maxLifetimeMs)
    const touch = () => this.#touch()
    this.#directions = [
      new Direction(client, service, CLOSE_TO_SERVICE, touch),
      new Direction(service, client, CLOSE_TO_CLIENT, touch),
    ]
    for (const stream of [client, service]) {
      stream.on('error', () => stream.destroy())
      stream.on('close', () => this.#onClose())
    }
    watch.add(this)
    client.resume()
    service.resume()
    // One of them may have gone while the other was asked.
    if (client.destroyed || service.destroyed) this.#onClose()
  }

  /** Closes towards both sides with 1001. */
  close(): void {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#deadlineMs = this.#watch.deadlineMs(CLOSE_TIMEOUT_MS)
    for (const direction of this.#directions) direction.close()
  }

  check(nowMs: number): void {
    if (this.#client.isPaused()) noticeReset(this.#client)
    if (this.#isOneGone) {
      if (nowMs >= this.#deadlineMs) this.#end()
    } else if (this.#isClosing) {
      const isAnswered = this.#directions.every(({ tracker }) => tracker.hasClosed)
      if (isAnswered || nowMs >= this.#deadlineMs) this.#end()
    } else if (nowMs >= this.#deadlineMs || nowMs >= this.#idleDeadlineMs) this.close()
  }

  #touch(): void {
    this.#idleDeadlineMs = this.#watch.deadlineMs(this.#limits.idleTimeoutMs)
  }

  #end(): void {
    for (const stream of [this.#client, this.#service]) {
      stream.end()
      stream.destroy()
    }
  }

  #onClose(): void {
    const open = [this.#client, this.#service].filter((stream) => !stream.destroyed)
    if (open.length === 0) {
      this.#watch.delete(this)
      this.#onEnd()
      return
    }
    this.#isOneGone = true
    this.#deadlineMs = this.#watch.deadlineMs(TAKE_REST_TIMEOUT_MS)
    // What is on its way still arrives.
    for (const stream of open) stream.end(() => stream.destroy())
  }
}
