import type { MockExample } from '../../../domain/index.ts'
import { negotiate } from './negotiate.ts'
import type { Preferred } from './prefer.ts'

/** An example with its bytes. */
export interface PreparedExample {
  readonly status: number
  readonly name: string | null
  /** As the description writes it; null for an answer without a body. */
  readonly mediaType: string | null
  readonly body: Buffer
}

/** Chooses an example; `not-acceptable` where the client takes none of the media types that there are. */
export type ChooseExample = (
  preferred: Preferred,
  accept: string | undefined,
) => PreparedExample | 'not-acceptable'

interface OfStatus {
  readonly types: readonly string[]
  readonly byType: ReadonlyMap<string, readonly PreparedExample[]>
  readonly bodyless: PreparedExample | undefined
}

/**
 * Prepares the examples of an operation. What a client prefers is given where it is there (RFC 7240 §2: a preference may
 * be left alone); otherwise the first example of `standardStatus`.
 *
 * @param standardStatus the lowest that is no error, unless given
 */
export function exampleTable(
  examples: readonly MockExample[],
  standardStatus: number | undefined,
): ChooseExample {
  const prepared = examples.map(({ status, media_type: mediaType, name, body }) => ({
    status,
    mediaType,
    name,
    body: Buffer.from(body),
  }))
  const byStatus = new Map(
    [...Map.groupBy(prepared, ({ status }) => status)].map(([status, own]) => [status, ofStatus(own)]),
  )
  const standard = standardStatus ?? Math.min(...byStatus.keys())
  return ({ code, example }, accept) => {
    const known = code === undefined ? undefined : byStatus.get(code)
    const named =
      example === undefined || known !== undefined ? undefined : statusOfName(prepared, example, standard)
    return chooseIn(known ?? (byStatus.get(named ?? standard) as OfStatus), example, accept)
  }
}

/** An example may be asked for by its name alone; of several statuses, the standard one comes first. */
function statusOfName(
  examples: readonly PreparedExample[],
  name: string,
  standard: number,
): number | undefined {
  const statuses = examples.filter((one) => one.name === name).map(({ status }) => status)
  return statuses.includes(standard) ? standard : statuses[0]
}

function ofStatus(examples: readonly PreparedExample[]): OfStatus {
  const typed = examples.filter(({ mediaType }) => mediaType !== null)
  const byType = Map.groupBy(typed, ({ mediaType }) => essence(mediaType as string))
  return {
    types: [...byType.keys()],
    byType,
    bodyless: examples.find(({ mediaType }) => mediaType === null),
  }
}

function chooseIn(
  { types, byType, bodyless }: OfStatus,
  name: string | undefined,
  accept: string | undefined,
): PreparedExample | 'not-acceptable' {
  if (bodyless !== undefined) return bodyless
  const type = negotiate(accept, types)
  if (type === undefined) return 'not-acceptable'
  const examples = byType.get(type) as readonly [PreparedExample, ...PreparedExample[]]
  return examples.find((one) => one.name === name) ?? examples[0]
}

function essence(mediaType: string): string {
  return (mediaType.split(';')[0] as string).trim().toLowerCase()
}
