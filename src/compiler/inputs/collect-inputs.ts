import type { Project } from '../../config/index.ts'
import {
  canonicalJson,
  compareInputs,
  describeInput,
  isRemoteDocument,
  OPTIONS_PATH,
  REMOTE_DOCUMENTS_FOLDER,
  remoteDocumentPath,
  type Finding,
  type Input,
  type InputKind,
  type PluginDescriptor,
} from '../../domain/index.ts'
import type { DocumentSet } from '../document/index.ts'
import { checkPaths } from './check-paths.ts'
import { checkTextBytes } from './check-text.ts'
import type { CollectedPlugins } from './collect-plugins.ts'
import type { InputFile } from './input-file.ts'
import { inputFault, startOf } from './input-fault.ts'

/** The plugins of the project, and the flags of `compile` that change its output. */
export interface InputOptions {
  readonly plugins: CollectedPlugins
  readonly allowPlaintext: boolean
  /** The root documents where they were chosen by hand. */
  readonly specs?: readonly string[]
}

/** Everything that the output of `compile` depends on. */
export interface CollectedInputs {
  /** In the order of the fingerprint. */
  readonly inputs: readonly Input[]
  readonly bytesOf: (input: Input) => Uint8Array
  /** In the order of their names. */
  readonly plugins: readonly PluginDescriptor[]
  /** With an error among them nothing must be compiled. */
  readonly findings: readonly Finding[]
}

/**
 * Collects the inputs of a project (DESIGN §5.3): barbacane.yaml, overlays, root documents, the files and documents of
 * the network that they refer to with the lock that pins those, plugins with the schemas of their configuration, and
 * options. Finds what would make the fingerprint differ between machines (rule `input-file`).
 */
export function collectInputs(project: Project, set: DocumentSet, options: InputOptions): CollectedInputs {
  const texts = textFiles(project, set)
  const { files: plugins, descriptors, findings } = options.plugins
  const remotes = remoteFiles(project, set)
  const files = [...texts, ...remotes, optionsFile(options), ...plugins]
  const unique = new Map(files.toReversed().map((file) => [file.path, file]))
  const inputs = [...unique.values()].map(({ kind, path, bytes }) => describeInput(kind, path, bytes))
  return {
    inputs: inputs.toSorted(compareInputs),
    bytesOf: ({ path }) => (unique.get(path) as InputFile).bytes,
    plugins: descriptors,
    findings: [
      ...checkPaths(files),
      ...checkCollisions(files),
      ...checkRemoteFolder(texts),
      ...texts.flatMap(({ path, bytes }) => checkTextBytes(path, bytes)),
      ...findings,
    ],
  }
}

function textFiles(project: Project, set: DocumentSet): readonly InputFile[] {
  const roots = new Set(set.roots.map(({ path }) => path))
  const overlays = new Set(project.overlays)
  const kindOf = (path: string): InputKind => {
    if (overlays.has(path)) return 'config'
    return roots.has(path) ? 'spec' : 'schema'
  }
  const { manifestPath: path, manifestBytes: bytes, lock } = project
  const documents = [...set.documents.values()]
  const manifest: InputFile = { kind: 'config', path, bytes }
  const usesLock = lock.bytes !== undefined && documents.some((document) => isRemoteDocument(document.path))
  const configuration = usesLock
    ? [manifest, { kind: 'config', path: lock.path, bytes: lock.bytes } as const]
    : [manifest]
  // A reference into barbacane.yaml or the lock leads to a file that is an input already.
  const known = new Set(configuration.map((file) => file.path))
  const descriptions = documents
    .filter((document) => !known.has(document.path) && !isRemoteDocument(document.path))
    .map((document): InputFile => ({
      kind: kindOf(document.path),
      path: document.path,
      bytes: document.bytes,
    }))
  return [...configuration, ...descriptions]
}

/** What was fetched: it stands in the fingerprint as a file of its own, whose path follows from the URL. */
function remoteFiles({ lock }: Project, set: DocumentSet): readonly InputFile[] {
  const documents = [...set.documents.values()].filter(({ path }) => isRemoteDocument(path))
  if (documents.length > 0 && lock.bytes === undefined)
    throw new TypeError('A document was fetched, and no lock pins it')
  return documents.map(({ path, bytes }) => ({ kind: 'schema', path: remoteDocumentPath(path), bytes }))
}

function optionsFile({ allowPlaintext, specs }: InputOptions): InputFile {
  const options = { allow_plaintext: allowPlaintext, ...(specs === undefined ? {} : { specs }) }
  return { kind: 'option', path: OPTIONS_PATH, bytes: Buffer.from(canonicalJson(options)) }
}

/** What was fetched has its own folder, so that no file of the project can stand in its place. */
function checkRemoteFolder(files: readonly InputFile[]): readonly Finding[] {
  return files.flatMap(({ path }) => {
    if (!path.startsWith(`${REMOTE_DOCUMENTS_FOLDER}/`)) return []
    const message = `${REMOTE_DOCUMENTS_FOLDER}/ is kept for documents that are fetched`
    return [inputFault(startOf(path), message, 'Put the file into another folder.')]
  })
}

/** One path has one kind: a plugin that is a description too, or a description at the path of the options. */
function checkCollisions(files: readonly InputFile[]): readonly Finding[] {
  const kinds = new Map<string, InputKind>()
  return files.flatMap(({ kind, path }) => {
    const other = kinds.get(path)
    kinds.set(path, kind)
    if (other === undefined || other === kind) return []
    const message = `${JSON.stringify(path)} is used as ${other} and as ${kind}`
    return [inputFault(startOf(path), message, 'Use another file for one of the two.')]
  })
}
