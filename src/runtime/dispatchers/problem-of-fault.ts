import type { ErrorKindName, UpstreamFault } from '../http/index.ts'

/** What a client is told of a service that has no answer. */
export const PROBLEM_OF: Readonly<Record<UpstreamFault, ErrorKindName>> = {
  timeout: 'upstream-timeout',
  refused: 'upstream-refused',
  unavailable: 'upstream-unavailable',
}
