import { realpath } from 'node:fs/promises'

import { isRemoteDocument, type Finding } from '../../domain/index.ts'
import type { DocumentCache, ReadSource } from './document-cache.ts'
import { readProjectFile, type FileFault } from './project-file.ts'
import { refuseRemote, type OpenRemote } from './remote.ts'
import { readSource, type SourceDocument } from './source-document.ts'

/** A file that was asked for: its document, or why there is none. */
export interface LibraryEntry {
  readonly path: string
  readonly document: SourceDocument | undefined
  /** What is wrong with the text. */
  readonly findings: readonly Finding[]
  /** Set where the file could not be read, or is not to be fetched. */
  readonly fault: EntryFault | undefined
}

/** Why a document is not read. */
export interface EntryFault {
  readonly fault: FileFault | 'refused'
  readonly reason: string
  /** What to do where a document is not fetched. */
  readonly hint?: string
}

/** Reads each document of a project once. */
export interface Library {
  readonly open: (path: string) => Promise<LibraryEntry>
  /** What {@link Library.open} has given for the path before. */
  readonly get: (path: string) => LibraryEntry | undefined
}

interface LibraryOptions {
  /** Absolute path of the project; undefined to read nothing but `contents`. */
  readonly root: string | undefined
  /** Bytes that stand in the place of files, by project-relative path. */
  readonly contents?: ReadonlyMap<string, Uint8Array>
  readonly openRemote?: OpenRemote | undefined
  /** What earlier loads have parsed. */
  readonly cache?: DocumentCache | undefined
}

export async function createLibrary({
  root,
  contents = new Map(),
  openRemote = refuseRemote,
  cache,
}: LibraryOptions): Promise<Library> {
  const realRoot = root === undefined ? undefined : await realpath(root)
  const parse = cache?.begin() ?? readSource
  const opening = new Map<string, Promise<LibraryEntry>>()
  const opened = new Map<string, LibraryEntry>()
  const read = async (path: string): Promise<LibraryEntry> => {
    const given = contents.get(path)
    const entry =
      given !== undefined
        ? entryOf(parse, path, given)
        : isRemoteDocument(path)
          ? await fetchEntry(parse, openRemote, path)
          : await readEntry(parse, realRoot, path)
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

async function readEntry(
  parse: ReadSource,
  realRoot: string | undefined,
  path: string,
): Promise<LibraryEntry> {
  if (realRoot === undefined) {
    const fault = { fault: 'missing', reason: 'it does not exist' } as const
    return { path, document: undefined, findings: [], fault }
  }
  const file = await readProjectFile(realRoot, path)
  if ('fault' in file) return { path, document: undefined, findings: [], fault: file }
  return entryOf(parse, path, file.bytes)
}

async function fetchEntry(parse: ReadSource, openRemote: OpenRemote, url: string): Promise<LibraryEntry> {
  const document = await openRemote(url)
  if ('bytes' in document) return entryOf(parse, url, document.bytes)
  const fault = { fault: 'refused', reason: document.refused, hint: document.hint } as const
  return { path: url, document: undefined, findings: [], fault }
}

function entryOf(parse: ReadSource, path: string, bytes: Uint8Array): LibraryEntry {
  return { path, ...parse(path, bytes), fault: undefined }
}
