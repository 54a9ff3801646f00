import { Known, knownField, type FieldSet } from '../known-field.ts'
import { TrailerSection } from '../trailer-section.ts'
import { FieldMarks } from './field-marks.ts'
import { LlhttpResult, LlhttpType, textAt, type Llhttp, type LlhttpCallbacks } from './llhttp.ts'
import { isRequestStart, isResponseStart, isUsualResponseStart, isWhiteSpace } from './message-start.ts'
import { execute, INPUT_BYTES, sharedLlhttp } from './shared-llhttp.ts'

const EMPTY = Buffer.alloc(0)
const LINE_FEED = 10
const NO_SPANS: number[] = []
/** Empty lines may stand before a message (RFC 9112 §2.2), not any number of them. */
const MAX_PREAMBLE_BYTES = 64

/** How much of a head is taken. */
export interface HeadLimits {
  readonly maxUriBytes: number
  readonly maxHeaderBytes: number
  readonly maxHeaderCount: number
}

/** Why a message is not read on: it is none, or it is larger than its limits. */
export type ParseFault = 'malformed' | 'uri-too-long' | 'headers-too-large'

/** Framing that is no part of the body may be this much, and this many times the body. */
const FREE_FRAMING_BYTES = 16_384
const FRAMING_PER_BODY_BYTE = 8

/**
 * Reads the messages of one connection with llhttp, one at a time: what a piece of input brings is kept here until the
 * next piece, so that nobody is called in the middle of reading.
 *
 * The head of a message stays one text, and its fields are numbers into it (see `Fields`).
 */
export class MessageParser implements LlhttpCallbacks {
  /** The head so far: from the target of a request, or the first field of a response. */
  text = ''
  /** Five numbers for each field, as `Fields` takes them, once the head is complete. */
  spans = NO_SPANS
  /** Which known fields are among them, once the head is complete. */
  known: FieldSet = 0
  urlEnd = 0
  status = 0
  method = ''
  keepAlive = false
  upgrade = false
  /** True for a response whose end is that of the connection. */
  needsEof = false
  isHeadComplete = false
  isMessageComplete = false
  /**
   * What the last input had of the body, as one piece however it was cut into chunks; undefined where it had none. It may
   * be a part of the input itself.
   */
  body: Buffer | undefined
  /** Pieces of the body that follow the first one. */
  readonly #pieces: Buffer[] = []
  fault: ParseFault | undefined
  /** What llhttp calls the fault. */
  reason = ''
  readonly trailers = new TrailerSection()
  /** True before a response that has no body whatever its head says. */
  skipsBody = false
  readonly #llhttp: Llhttp
  readonly #inputAt: number
  readonly #parser: number
  readonly #isRequest: boolean
  readonly #limits: HeadLimits
  #chunk: Buffer = EMPTY
  /** What a position in the chunk differs by from one in the text; unknown before the text begins. */
  #shift = 0
  #hasBegun = false
  readonly #marks = new FieldMarks()
  /** What stands before the text: the method, or the version and the status. */
  #preamble = ''
  /** Where the body begins in the chunk. */
  #headEnd = 0
  #framingBytes = 0
  #bodyBytes = 0
  #isFreed = false

  constructor(kind: keyof typeof LlhttpType, limits: HeadLimits) {
    const { llhttp, inputAt } = sharedLlhttp()
    this.#llhttp = llhttp
    this.#inputAt = inputAt
    this.#parser = llhttp.llhttp_alloc(LlhttpType[kind])
    this.#isRequest = kind === 'request'
    this.#limits = limits
  }

  /** True where the connection is in the middle of a message. */
  get isInMessage(): boolean {
    return (this.#hasBegun || this.isHeadComplete) && !this.isMessageComplete
  }

  /** True for a body in a transfer coding; of every other llhttp only counts the bytes (RFC 9112 §6.3). */
  get #isCoded(): boolean {
    return (this.known & (1 << Known.transferEncoding)) !== 0
  }

  /** Gives the parser back; it reads nothing more. */
  free(): void {
    if (this.#isFreed) return
    this.#isFreed = true
    this.#llhttp.llhttp_free(this.#parser)
  }

  /** Makes ready for the next message of the connection, once the last is complete. */
  next(): void {
    // A connection that should close after a message refuses the next one; whether there is one is decided elsewhere.
    this.#llhttp.llhttp_reset(this.#parser)
    this.text = ''
    this.spans = NO_SPANS
    this.urlEnd = 0
    this.isHeadComplete = false
    this.isMessageComplete = false
    this.body = undefined
    this.trailers.clear()
    this.#hasBegun = false
    this.#marks.clear()
    this.#preamble = ''
    this.#framingBytes = 0
    this.#bodyBytes = 0
  }

  /** Reads to the end of the message at most; returns how many bytes that were. */
  read(chunk: Buffer): number {
    this.body = undefined
    const sizeBytes = chunk.length
    let offset = 0
    while (offset < sizeBytes && this.fault === undefined && !this.isMessageComplete) {
      const isWhole = offset === 0 && sizeBytes <= INPUT_BYTES
      offset += this.#execute(isWhole ? chunk : chunk.subarray(offset, offset + INPUT_BYTES))
    }
    if (this.#pieces.length > 0) this.#joinBody()
    return offset
  }

  #joinBody(): void {
    this.body = Buffer.concat([this.body as Buffer, ...this.#pieces])
    this.#pieces.length = 0
  }

  /** Says that nothing follows. True where that is the end of a message, or nothing had begun. */
  finish(): boolean {
    if (this.#isFreed || this.fault !== undefined) return false
    if (!this.isHeadComplete) return !this.#hasBegun
    if (!this.isMessageComplete && this.needsEof) this.isMessageComplete = true
    return this.isMessageComplete
  }

  #execute(chunk: Buffer): number {
    this.#chunk = chunk
    if (this.#hasBegun && !this.isHeadComplete) this.#shift = this.text.length
    const bodyBefore = this.#bodyBytes
    this.#headEnd = 0
    const result = execute(this, this.#parser, chunk, this.isHeadComplete && !this.#isCoded)
    const readBytes =
      result === LlhttpResult.ok
        ? chunk.length
        : this.#llhttp.llhttp_get_error_pos(this.#parser) - this.#inputAt
    if (result !== LlhttpResult.ok) this.#conclude(result)
    if (!this.#hasBegun) this.#keepPreamble(chunk.length)
    else if (!this.isHeadComplete) this.#keepHead()
    if (this.isHeadComplete) this.#checkFraming(readBytes - this.#headEnd - (this.#bodyBytes - bodyBefore))
    this.#chunk = EMPTY
    return readBytes
  }

  #conclude(result: number): void {
    // Nothing is agreed on yet: a request to change protocols is a request like any other.
    if (result === LlhttpResult.paused || result === LlhttpResult.pausedUpgrade) this.isMessageComplete = true
    else if (this.fault === undefined) {
      this.fault = 'malformed'
      this.reason = textAt(this.#llhttp, this.#llhttp.llhttp_errno_name(result))
    }
  }

  #keepPreamble(end: number): void {
    this.#preamble += this.#chunk.toString('latin1', 0, Math.min(end, MAX_PREAMBLE_BYTES + 1))
    if (this.#preamble.length > MAX_PREAMBLE_BYTES) this.fault ??= 'malformed'
  }

  /** Takes the part of the head that this chunk holds: the rest comes with the next. */
  #keepHead(): void {
    this.text += this.#chunk.toString('latin1', Math.max(0, -this.#shift))
    const { maxUriBytes, maxHeaderBytes } = this.#limits
    if (this.urlEnd > maxUriBytes) this.fault = 'uri-too-long'
    else if (this.text.length - this.urlEnd > maxHeaderBytes) this.fault = 'headers-too-large'
  }

  #checkFraming(framingBytes: number): void {
    this.#framingBytes += framingBytes
    const most = FREE_FRAMING_BYTES + FRAMING_PER_BODY_BYTE * this.#bodyBytes
    if (this.#framingBytes > most) this.fault ??= 'malformed'
  }

  #begin(position: number): void {
    this.#hasBegun = true
    this.#shift = -position
    if (this.#isRequest) {
      const method = this.#llhttp.llhttp_get_method(this.#parser)
      this.method = sharedLlhttp().methods[method] ?? ''
    }
    if (this.#preamble === '' && this.#isUsualStart(position)) return
    this.#keepPreamble(position)
    const isStart = this.#isRequest ? isRequestStart(this.#preamble) : isResponseStart(this.#preamble)
    if (!isStart) this.fault = 'malformed'
  }

  /** Saves the text of the start where its length says enough: llhttp has read the method. */
  #isUsualStart(position: number): boolean {
    if (this.#isRequest) return position === this.method.length + 1
    return isUsualResponseStart(this.#chunk, position)
  }

  onText(at: number, length: number): void {
    const position = at - this.#inputAt
    if (!this.#hasBegun) this.#begin(position)
    this.urlEnd = position + length + this.#shift
  }

  onField(at: number, length: number): void {
    // Fields behind a body are held to the limits of framing.
    if (this.isHeadComplete) return this.trailers.addName(this.#chunk, at - this.#inputAt, length)
    const position = at - this.#inputAt
    if (!this.#hasBegun) this.#begin(position)
    const start = position + this.#shift
    this.#marks.addName(start, start + length)
  }

  onValue(at: number, length: number): void {
    if (this.isHeadComplete) return this.trailers.addValue(this.#chunk, at - this.#inputAt, length)
    const start = at - this.#inputAt + this.#shift
    this.#marks.addValue(start, start + length)
  }

  onHead(status: number, upgrade: boolean, keepAlive: boolean): 0 | 1 {
    if (this.isHeadComplete) return 0
    this.isHeadComplete = true
    this.status = status
    this.upgrade = upgrade
    this.keepAlive = keepAlive
    this.spans = this.#marks.spans()
    this.#closeText()
    this.#measure()
    this.needsEof = !this.#isRequest && !this.skipsBody && this.#needsEof()
    return this.skipsBody ? 1 : 0
  }

  onBody(at: number, length: number): void {
    const start = at - this.#inputAt
    this.#bodyBytes += length
    const piece = this.#chunk.subarray(start, start + length)
    if (this.body === undefined) this.body = piece
    else this.#pieces.push(piece)
  }

  #needsEof(): boolean {
    if ((this.known & (1 << Known.contentLength)) !== 0) return false
    return this.#llhttp.llhttp_message_needs_eof(this.#parser) !== 0
  }

  /** Ends the text behind the line feed of its last line. */
  #closeText(): void {
    const { spans, text } = this
    if (!this.#hasBegun) return this.#begin((this.#headEnd = this.#chunk.indexOf(LINE_FEED) + 1))
    const last = spans.length === 0 ? this.urlEnd : (spans[spans.length - 1] as number)
    const lineFeed = last < text.length ? text.indexOf('\n', last) : -1
    if (lineFeed !== -1) this.text = text.slice(0, lineFeed + 1)
    else {
      // It is the next byte but one, mostly.
      let end = Math.max(0, last - this.#shift)
      while (end < this.#chunk.length && this.#chunk[end] !== LINE_FEED) end += 1
      this.#headEnd = end + 1
      this.text = text + this.#chunk.toString('latin1', Math.max(0, -this.#shift), this.#headEnd)
    }
  }

  /** Holds the head to its limits, finds the known fields, and takes the white space off the ends of the values. */
  #measure(): void {
    const { text, spans } = this
    const { maxUriBytes, maxHeaderBytes, maxHeaderCount } = this.#limits
    if (this.urlEnd > maxUriBytes) this.fault = 'uri-too-long'
    else if (spans.length / 5 > maxHeaderCount || text.length - this.urlEnd > maxHeaderBytes) {
      this.fault = 'headers-too-large'
    }
    let known: FieldSet = 0
    for (let at = 0; at < spans.length; at += 5) {
      const id = knownField(text, spans[at + 1] as number, spans[at + 2] as number)
      known |= 1 << id
      spans[at] = id
      let end = spans[at + 4] as number
      const start = spans[at + 3] as number
      while (end > start && isWhiteSpace(text.charCodeAt(end - 1))) end -= 1
      spans[at + 4] = end
    }
    this.known = known
  }
}
