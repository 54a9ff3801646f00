import type { RawHeaders } from '../http/index.ts'

/** What the admin listener answers. */
export interface Answer {
  readonly status: number
  readonly headers: RawHeaders
  readonly body: string
}

/** An answer in JSON that nobody may keep. */
export function jsonAnswer(status: number, value: object): Answer {
  return {
    status,
    headers: [
      'content-type',
      'application/json',
      'x-content-type-options',
      'nosniff',
      'cache-control',
      'no-store',
    ],
    body: JSON.stringify(value),
  }
}

/** The same answer with one field more. */
export function withHeader(answer: Answer, name: string, value: string): Answer {
  return { ...answer, headers: [...answer.headers, name, value] }
}
