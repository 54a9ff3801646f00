import type { Finding } from '../../domain/index.ts'

/** What was found and how to fix it, as sentences. */
export function sentencesOf({ message, hint }: Finding): string {
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`
  return hint === undefined ? sentence : `${sentence} ${hint}`
}
