import { comparePaths, decode, digestOf, type Finding } from '../../domain/index.ts'

/** Findings that were known when the baseline was written, so many times alike. */
export interface BaselineEntry {
  readonly rule: string
  /** Relative to the project. */
  readonly file: string
  /** JSON Pointer; null for findings about the text itself. */
  readonly pointer: string | null
  /** SHA-256 of the message: `sha256:` and 64 hex digits. */
  readonly message_digest: string
  readonly count: number
}

/** A file of known findings; lines do not matter, so that it holds while a document is edited. */
export interface Baseline {
  readonly barbacane_baseline_version: 1
  readonly findings: readonly BaselineEntry[]
}

export interface ComparedFindings {
  /** Those that the baseline does not have, or has fewer times. */
  readonly added: readonly Finding[]
  readonly knownCount: number
  /** What the baseline has and nobody found, so many times. */
  readonly stale: readonly BaselineEntry[]
}

/** The baseline of findings, in an order that makes small differences of small changes. */
export function createBaseline(findings: readonly Finding[]): Baseline {
  const groups = Map.groupBy(findings.filter(canBeKnown), keyOf)
  const entries = [...groups.values()].map((group): BaselineEntry => {
    const { rule, at, message } = group[0] as Finding
    const message_digest = digestOf(Buffer.from(message))
    return { rule, file: at.file, pointer: at.pointer ?? null, message_digest, count: group.length }
  })
  return { barbacane_baseline_version: 1, findings: entries.toSorted(compareEntries) }
}

/**
 * Reads the text of a baseline.
 *
 * @throws {SyntaxError} of JSON.parse. {DecodeError} naming the place that does not fit.
 */
export function parseBaseline(text: string): Baseline {
  return decodeBaseline(JSON.parse(text), '')
}

/** Sets findings against a baseline: which are new, and which entries nobody needs any more. */
export function compareWithBaseline(findings: readonly Finding[], baseline: Baseline): ComparedFindings {
  const left = new Map<string, number>()
  for (const entry of baseline.findings) {
    const key = entryKey(entry)
    left.set(key, (left.get(key) ?? 0) + entry.count)
  }
  const added = findings.filter((finding) => {
    const key = keyOf(finding)
    const count = canBeKnown(finding) ? (left.get(key) ?? 0) : 0
    if (count > 0) left.set(key, count - 1)
    return count === 0
  })
  const stale = baseline.findings.flatMap((entry) => {
    const count = left.get(entryKey(entry)) ?? 0
    left.delete(entryKey(entry))
    return count === 0 ? [] : [{ ...entry, count }]
  })
  return { added, knownCount: findings.length - added.length, stale }
}

// Of a file that nobody could read nothing is known.
function canBeKnown({ rule }: Finding): boolean {
  return rule !== 'unreadable'
}

function keyOf({ rule, at, message }: Finding): string {
  return JSON.stringify([rule, at.file, at.pointer ?? null, digestOf(Buffer.from(message))])
}

function entryKey({ rule, file, pointer, message_digest }: BaselineEntry): string {
  return JSON.stringify([rule, file, pointer, message_digest])
}

function compareEntries(a: BaselineEntry, b: BaselineEntry): number {
  return comparePaths(a.file, b.file) || comparePaths(entryKey(a), entryKey(b))
}

const decodeBaseline: decode.Decoder<Baseline> = decode.object({
  barbacane_baseline_version: oneVersion,
  findings: decode.list(
    decode.object({
      rule: decode.text,
      file: decode.text,
      pointer: decode.nullable(decode.text),
      message_digest: decode.matching(/^sha256:[0-9a-f]{64}$/, 'a digest'),
      count: decode.count,
    }),
  ),
})

function oneVersion(value: unknown, path: string): 1 {
  if (value === 1) return 1
  throw new decode.DecodeError(path, '1, the version that this program knows')
}
