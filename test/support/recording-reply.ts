import type { BodySink, Reply, ResponseHead } from '../../src/runtime/http/index.ts'

/** What an exchange was answered with. */
export interface RecordedAnswer {
  readonly head: ResponseHead
  body: string
  end: 'open' | 'ended' | 'destroyed'
}

/** A reply that keeps what it is given; `drain` tells the writer that there is room. */
export function recordingReply(isRoomy = () => true) {
  const answers: RecordedAnswer[] = []
  const drains: (() => void)[] = []
  const closes: ((complete: boolean) => void)[] = []
  const reply: Reply = {
    send: (head, body) => void answers.push({ head, body: String(body ?? ''), end: 'ended' }),
    stream: (head): BodySink => {
      const answer: RecordedAnswer = { head, body: '', end: 'open' }
      answers.push(answer)
      return {
        write: (chunk) => {
          answer.body += String(chunk)
          return isRoomy()
        },
        onDrain: (listener) => void drains.push(listener),
        end: () => (answer.end = 'ended'),
        destroy: () => (answer.end = 'destroyed'),
      }
    },
    onClose: (listener) => void closes.push(listener),
  }
  return {
    reply,
    answers,
    drain: () => drains.forEach((listener) => listener()),
    close: (complete: boolean) => closes.forEach((listener) => listener(complete)),
  }
}
