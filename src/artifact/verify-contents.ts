import {
  compareInputs,
  entryPathOf,
  fingerprint,
  gitBlobId,
  inputPathFault,
  PLAN_ENTRY,
  sha256Hex,
  type Input,
  type Manifest,
} from '../domain/index.ts'
import { artifactProblems as problems } from './problems.ts'

type Entries = ReadonlyMap<string, Buffer>

/**
 * Compares every entry with the manifest, every input with the entry it names, and the fingerprint with the inputs,
 * so that nothing in the archive is unaccounted for.
 *
 * @throws {ProblemError} BCN_ARTIFACT_ENTRY_MISMATCH, BCN_ARTIFACT_INPUT_MISMATCH, BCN_ARTIFACT_HASH_MISMATCH
 */
export function verifyContents(
  manifest: Manifest,
  entries: Entries,
  written: ReadonlyMap<string, Uint8Array> = NOTHING,
): void {
  const copied = new Set(
    [...entries.entries()].flatMap(([entry, bytes]) => (isCopy(bytes, written.get(entry)) ? [entry] : [])),
  )
  verifyEntries(manifest, entries, copied)
  for (const input of manifest.inputs) verifyInput(input, manifest, { entries, copied })
  verifyFingerprint(manifest)
  verifyAccounted(manifest, entries)
  verifyReferences(manifest)
}

const NOTHING: ReadonlyMap<string, Uint8Array> = new Map()

function isCopy(bytes: Buffer, original: Uint8Array | undefined): boolean {
  return original !== undefined && bytes.equals(original)
}

function verifyEntries(manifest: Manifest, entries: Entries, copied: ReadonlySet<string>): void {
  for (const [entry, bytes] of entries) {
    const expected = Object.hasOwn(manifest.entries, entry) ? manifest.entries[entry] : undefined
    if (expected === undefined) throw entryMismatch(entry, 'the manifest does not list it')
    const actual = copied.has(entry) ? expected : sha256Hex(bytes)
    if (actual !== expected)
      throw entryMismatch(entry, `the manifest says ${expected}, its bytes have ${actual}`)
  }
  const missing = Object.keys(manifest.entries).find((entry) => !entries.has(entry))
  if (missing !== undefined) throw entryMismatch(missing, 'it is not in the archive')
}

function verifyInput(
  input: Input,
  manifest: Manifest,
  { entries, copied }: { readonly entries: Entries; readonly copied: ReadonlySet<string> },
): void {
  const fault = inputPathFault(input.path)
  if (fault !== undefined) throw inputMismatch(input, `its path is not valid: ${fault}`)
  const entry = entryPathOf(input)
  const bytes = entries.get(entry)
  if (bytes === undefined) throw inputMismatch(input, 'the archive does not hold it')
  if (bytes.byteLength !== input.size)
    throw inputMismatch(input, `it has ${bytes.byteLength} bytes, not ${input.size}`)
  // What an entry has, was compared with the manifest before.
  if (manifest.entries[entry] !== input.sha256) throw inputMismatch(input, 'its bytes have another SHA-256')
  if (!copied.has(entry) && gitBlobId(bytes) !== input.git_blob)
    throw inputMismatch(input, 'its bytes have another git blob id')
}

function verifyFingerprint(manifest: Manifest): void {
  const odd = manifest.inputs.find((input, index) => {
    const next = manifest.inputs[index + 1]
    return next !== undefined && compareInputs(input, next) >= 0
  })
  if (odd !== undefined) throw inputMismatch(odd, 'it stands twice or out of order')
  const actual = fingerprint(manifest.inputs)
  if (actual !== manifest.artifact_hash) {
    throw problems.BCN_ARTIFACT_HASH_MISMATCH({ expected: manifest.artifact_hash, actual })
  }
}

function verifyAccounted(manifest: Manifest, entries: Entries): void {
  const known = new Set([PLAN_ENTRY, ...manifest.inputs.map(entryPathOf)])
  const stray = [...entries.keys()].find((entry) => !known.has(entry))
  if (stray !== undefined) throw entryMismatch(stray, 'no input accounts for it')
  if (!entries.has(PLAN_ENTRY)) throw entryMismatch(PLAN_ENTRY, 'it is not in the archive')
}

function verifyReferences(manifest: Manifest): void {
  const inputs = new Map(manifest.inputs.map((input) => [input.path, input]))
  const named = [
    ...manifest.source_specs.map(({ path, sha256 }) => ({ path, sha256, kind: 'spec' })),
    ...manifest.plugins.map(({ path, sha256 }) => ({ path, sha256, kind: 'plugin' })),
  ]
  for (const { path, sha256, kind } of named) {
    const input = inputs.get(path)
    if (input?.kind !== kind || input.sha256 !== sha256) {
      throw problems.BCN_ARTIFACT_MANIFEST({ reason: `it names the ${kind} ${path}, which is no such input` })
    }
  }
}

function entryMismatch(entry: string, reason: string) {
  return problems.BCN_ARTIFACT_ENTRY_MISMATCH({ entry, reason })
}

function inputMismatch(input: Input, reason: string) {
  return problems.BCN_ARTIFACT_INPUT_MISMATCH({ input: input.path, reason })
}
