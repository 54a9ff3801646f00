import { realpath } from 'node:fs/promises'

import type { Finding } from '../../domain/index.ts'
import { readProjectFile, type FileFault } from './project-file.ts'
import { readSource, type SourceDocument } from './source-document.ts'

/** A file that was asked for: its document, or why there is none. */
export interface LibraryEntry {
  readonly path: string
  readonly document: SourceDocument | undefined
  /** What is wrong with the text. */
  readonly findings: readonly Finding[]
  /** Set where the file could not be read. */
  readonly fault: { readonly fault: FileFault; readonly reason: string } | undefined
}

/** Reads each file of a project once. */
export interface Library {
  readonly open: (path: string) => Promise<LibraryEntry>
  /** What {@link Library.open} has given for the path before. */
  readonly get: (path: string) => LibraryEntry | undefined
}

/** @param contents bytes that stand in the place of files, by project-relative path. */
export async function createLibrary(
  root: string,
  contents: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<Library> {
  const realRoot = await realpath(root)
  const opening = new Map<string, Promise<LibraryEntry>>()
  const opened = new Map<string, LibraryEntry>()
  const read = async (path: string): Promise<LibraryEntry> => {
    const given = contents.get(path)
    const entry = given === undefined ? await readEntry(realRoot, path) : entryOf(path, given)
    opened.set(path, entry)
    return entry
  }
  return {
    open: (path) => {
      const known = opening.get(path)
      if (known !== undefined) return known
      const entry = read(path)
      opening.set(path, entry)
      return entry
    },
    get: (path) => opened.get(path),
  }
}

async function readEntry(realRoot: string, path: string): Promise<LibraryEntry> {
  const file = await readProjectFile(realRoot, path)
  if ('fault' in file) return { path, document: undefined, findings: [], fault: file }
  return entryOf(path, file.bytes)
}

function entryOf(path: string, bytes: Uint8Array): LibraryEntry {
  return { path, ...readSource(path, bytes), fault: undefined }
}
