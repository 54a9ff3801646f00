import { isDeepStrictEqual } from 'node:util'

import { decode, DecodeError, fingerprint, inputKinds, type Digest, type Input } from '../../domain/index.ts'

const hex = (digits: number) =>
  decode.matching<string>(new RegExp(`^[0-9a-f]{${digits}}$`), `${digits} hex digits`)

const leaves = decode.list(
  decode.object({
    kind: decode.oneOf(inputKinds),
    path: decode.text,
    size: decode.count,
    sha256: hex(64),
    git_blob: hex(40),
  }),
)

/**
 * The inputs that a node lists, where they give the fingerprint that it claims: then they are proven by it.
 *
 * @returns undefined where they give another or cannot be read.
 */
export function provenInputs(value: unknown, artifactHash: Digest): readonly Input[] | undefined {
  try {
    const inputs = leaves(value, '/inputs')
    return fingerprint(inputs) === artifactHash ? inputs : undefined
  } catch (error) {
    if (error instanceof DecodeError || error instanceof RangeError) return undefined
    throw error
  }
}

/** Lists of inputs as nodes gave them, by the fingerprints that they give. */
export type ProvenLists = Map<Digest, unknown>

/** Lists that are kept; a fleet runs a handful of artifacts. */
const MAX_LISTS = 32

/**
 * Whether the inputs that a node lists give the fingerprint that it claims. A list that is like one of those proven
 * before is not proven again; others are added to them.
 */
export function provesInputs(value: unknown, artifactHash: Digest, proven: ProvenLists): boolean {
  const known = proven.get(artifactHash)
  if (known !== undefined && isDeepStrictEqual(value, known)) return true
  if (provenInputs(value, artifactHash) === undefined) return false
  if (proven.size < MAX_LISTS && known === undefined) proven.set(artifactHash, value)
  return true
}
