import { knownField } from '../known-field.ts'
import { LlhttpResult, LlhttpType, textAt, type LlhttpCallbacks } from './llhttp.ts'
import { execute, INPUT_BYTES, sharedLlhttp } from './shared-llhttp.ts'

const EMPTY = Buffer.alloc(0)
/** Empty lines may stand before a message (RFC 9112 §2.2), not any number of them. */
const MAX_PREAMBLE_BYTES = 64
const START = {
  request: /^(?:\r\n)*[A-Z-]+ $/,
  response: /^(?:\r\n)*HTTP\/1\.[01] \d{3} ?(?:\r\n)?$/,
} as const

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
  /** Five numbers for each field, as `Fields` takes them. */
  spans: number[] = []
  urlEnd = 0
  status = 0
  method = ''
  keepAlive = false
  upgrade = false
  /** True for a response whose end is that of the connection. */
  needsEof = false
  isHeadComplete = false
  isMessageComplete = false
  readonly #pieces: Buffer[] = []
  fault: ParseFault | undefined
  /** What llhttp calls the fault. */
  reason = ''
  /** True before a response that has no body whatever its head says. */
  skipsBody = false
  readonly #parser: number
  readonly #start: RegExp
  readonly #reusesInput: boolean
  readonly #limits: HeadLimits
  #chunk: Buffer = EMPTY
  /** What a position in the chunk differs by from one in the text; unknown before the text begins. */
  #shift = 0
  #hasBegun = false
  #isInValue = false
  /** What stands before the text: the method, or the version and the status. */
  #preamble = ''
  /** Where the body begins in the chunk. */
  #headEnd = 0
  #framingBytes = 0
  #bodyBytes = 0
  #isFreed = false

  /** @param reusesInput the input is written over once it is read, so that bodies have to be copied */
  constructor(kind: keyof typeof LlhttpType, limits: HeadLimits, reusesInput = false) {
    this.#reusesInput = reusesInput
    this.#parser = sharedLlhttp().llhttp.llhttp_alloc(LlhttpType[kind])
    this.#start = START[kind]
    this.#limits = limits
  }

  /** True where the connection is in the middle of a message. */
  get isInMessage(): boolean {
    return (this.#hasBegun || this.isHeadComplete) && !this.isMessageComplete
  }

  /** What the last input had of the body, as one piece however it was cut into chunks; undefined where it had none. */
  get body(): Buffer | undefined {
    return this.#pieces.length > 1 ? Buffer.concat(this.#pieces) : this.#pieces[0]
  }

  /** Gives the parser back; it reads nothing more. */
  free(): void {
    if (this.#isFreed) return
    this.#isFreed = true
    sharedLlhttp().llhttp.llhttp_free(this.#parser)
  }

  /** Makes ready for the next message of the connection, once the last is complete. */
  next(): void {
    const { llhttp } = sharedLlhttp()
    // A connection that should close after a message refuses the next one; whether there is one is decided elsewhere.
    llhttp.llhttp_reset(this.#parser)
    this.text = ''
    this.spans = []
    this.urlEnd = 0
    this.isHeadComplete = false
    this.isMessageComplete = false
    this.#pieces.length = 0
    this.#hasBegun = false
    this.#isInValue = false
    this.#preamble = ''
    this.#framingBytes = 0
    this.#bodyBytes = 0
  }

  /** Reads to the end of the message at most; returns how many bytes that were. */
  read(chunk: Buffer): number {
    this.#pieces.length = 0
    let offset = 0
    while (offset < chunk.byteLength && this.fault === undefined && !this.isMessageComplete) {
      offset += this.#execute(
        chunk.byteLength - offset <= INPUT_BYTES && offset === 0
          ? chunk
          : chunk.subarray(offset, offset + INPUT_BYTES),
      )
    }
    return offset
  }

  /** Says that nothing follows. True where that is the end of a message, or nothing had begun. */
  finish(): boolean {
    if (this.#isFreed || this.fault !== undefined) return false
    if (!this.isHeadComplete) return !this.#hasBegun
    if (!this.isMessageComplete && this.needsEof) this.isMessageComplete = true
    return this.isMessageComplete
  }

  #execute(chunk: Buffer): number {
    const { llhttp, inputAt } = sharedLlhttp()
    this.#chunk = chunk
    if (this.#hasBegun && !this.isHeadComplete) this.#shift = this.text.length
    const bodyBefore = this.#bodyBytes
    this.#headEnd = 0
    const result = execute(this, this.#parser, chunk)
    const readBytes =
      result === LlhttpResult.ok ? chunk.byteLength : llhttp.llhttp_get_error_pos(this.#parser) - inputAt
    this.#conclude(result)
    if (!this.#hasBegun) this.#keepPreamble(chunk.byteLength)
    else if (!this.isHeadComplete) this.#keepHead()
    if (this.isHeadComplete) this.#checkFraming(readBytes - this.#headEnd - (this.#bodyBytes - bodyBefore))
    this.#chunk = EMPTY
    return readBytes
  }

  #conclude(result: number): void {
    const { llhttp } = sharedLlhttp()
    if (result === LlhttpResult.paused) {
      this.isMessageComplete = true
      llhttp.llhttp_resume(this.#parser)
    } else if (result === LlhttpResult.pausedUpgrade) {
      // Nothing is agreed on yet: a request to change protocols is a request like any other.
      this.isMessageComplete = true
      llhttp.llhttp_resume_after_upgrade(this.#parser)
    } else if (result !== LlhttpResult.ok && this.fault === undefined) {
      this.fault = 'malformed'
      this.reason = textAt(llhttp, llhttp.llhttp_errno_name(result))
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
    this.#keepPreamble(position)
    // llhttp takes more than one space behind a method, and answers of other protocols.
    if (!this.#start.test(this.#preamble)) this.fault = 'malformed'
    this.#shift = -position
  }

  onText(at: number, length: number): void {
    const position = at - sharedLlhttp().inputAt
    if (!this.#hasBegun) this.#begin(position)
    this.urlEnd = position + length + this.#shift
  }

  onField(at: number, length: number): void {
    // Fields behind a body are read, and held to the limits of framing; none is taken over.
    if (this.isHeadComplete) return
    const position = at - sharedLlhttp().inputAt
    if (!this.#hasBegun) this.#begin(position)
    const start = position + this.#shift
    const { spans } = this
    if (this.#isInValue || spans.length === 0) {
      spans.push(0, start, start + length, 0, 0)
      this.#isInValue = false
    } else spans[spans.length - 3] = start + length
  }

  onValue(at: number, length: number): void {
    if (this.isHeadComplete) return
    const start = at - sharedLlhttp().inputAt + this.#shift
    const { spans } = this
    if (!this.#isInValue) {
      spans[spans.length - 2] = start
      this.#isInValue = true
    }
    spans[spans.length - 1] = start + length
  }

  onHead(status: number, upgrade: boolean, keepAlive: boolean): 0 | 1 {
    if (this.isHeadComplete) return 0
    const { llhttp, methods } = sharedLlhttp()
    this.isHeadComplete = true
    this.status = status
    this.method = methods[llhttp.llhttp_get_method(this.#parser)] ?? ''
    this.upgrade = upgrade
    this.keepAlive = keepAlive
    this.needsEof = !this.skipsBody && llhttp.llhttp_message_needs_eof(this.#parser) !== 0
    this.#closeText()
    this.#measure()
    return this.skipsBody ? 1 : 0
  }

  onBody(at: number, length: number): void {
    const start = at - sharedLlhttp().inputAt
    this.#bodyBytes += length
    const given = this.#chunk.subarray(start, start + length)
    const piece = this.#reusesInput ? Buffer.from(given) : given
    this.#pieces.push(piece)
  }

  /** Ends the text behind the line feed of its last line. */
  #closeText(): void {
    const { spans, text } = this
    if (!this.#hasBegun) return this.#begin((this.#headEnd = this.#chunk.indexOf(10) + 1))
    const last = spans.length === 0 ? this.urlEnd : (spans[spans.length - 1] as number)
    const lineFeed = last < text.length ? text.indexOf('\n', last) : -1
    if (lineFeed !== -1) this.text = text.slice(0, lineFeed + 1)
    else {
      this.#headEnd = this.#chunk.indexOf(10, Math.max(0, last - this.#shift)) + 1
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
    for (let at = 0; at < spans.length; at += 5) {
      spans[at] = knownField(text, spans[at + 1] as number, spans[at + 2] as number)
      let end = spans[at + 4] as number
      const start = spans[at + 3] as number
      while (end > start && isWhiteSpace(text.charCodeAt(end - 1))) end -= 1
      spans[at + 4] = end
    }
  }
}

function isWhiteSpace(code: number): boolean {
  return code === 0x20 || code === 0x09
}
