import type { OpenRemote } from '../../compiler/document/index.ts'
import { renderLock, type DocumentPin, type Project } from '../../config/index.ts'
import { atMost, sha256Hex, type Finding, type Host } from '../../domain/index.ts'
import { commandProblems as problems } from '../problems.ts'
import { createDocumentHost, MAX_CONNECTIONS } from './remote-documents.ts'

/** More documents than this are a chain without end rather than a description. */
const MAX_DOCUMENTS = 1000

export interface LockRequest {
  /** Pins what is there now: everything, or the URLs named; undefined to keep the pins that there are. */
  readonly update: 'all' | ReadonlySet<string> | undefined
  readonly insecureHosts: readonly string[]
  /** Fetches nothing that is not pinned, and changes nothing. */
  readonly frozen: boolean
}

export interface LockedDocument extends DocumentPin {
  readonly url: string
  readonly change: 'added' | 'updated' | 'kept'
}

export interface LockPlan {
  /** In the order of their URLs. */
  readonly documents: readonly LockedDocument[]
  /** What nothing refers to any more. */
  readonly removed: readonly string[]
  /** What the lock has to hold. */
  readonly text: string
}

/**
 * Follows the references of a project to the network, through any number of documents, and says what its lock has to
 * hold.
 *
 * @throws {ProblemError} BCN_LOCK_INCOMPLETE with the findings that keep references from being followed; BCN_LOCK_FROZEN
 *   where it would have to change; BCN_LOCK_UNKNOWN for a URL to be updated that is not pinned; BCN_LOCK_TOO_MANY;
 *   BCN_REF_… and BCN_OCI_… of what cannot be fetched.
 */
export async function planLock(project: Project, request: LockRequest, host: Host): Promise<LockPlan> {
  const { lock, root, specs, overlays } = project
  const stranger = request.update === 'all' ? undefined : findUnpinned(request.update ?? [], project)
  if (stranger !== undefined) throw problems.BCN_LOCK_UNKNOWN({ url: stranger, lock: lock.path })
  const pins = new Map<string, DocumentPin>()
  const openRemote = await lockingReader(project, request, { host, pins })
  const { loadDocuments } = await import('../../compiler/document/index.ts')
  const { findings } = await loadDocuments(specs, { root, overlays, isWhole: true, openRemote })
  const errors = findings.filter(({ severity }) => severity === 'error')
  const removed = [...lock.documents.keys()].filter((url) => !pins.has(url))
  const [first] = errors
  if (request.frozen && (removed.length > 0 || errors.some(({ rule }) => rule === 'ref-remote'))) {
    const all = [...errors, ...removed.map((url) => staleFinding(url, project))]
    throw problems.BCN_LOCK_FROZEN({ lock: lock.path }, { findings: all, ...(all[0] && { at: all[0].at }) })
  }
  if (first !== undefined)
    throw problems.BCN_LOCK_INCOMPLETE({ lock: lock.path }, { findings: errors, at: first.at })
  const documents = [...pins]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([url, pin]) => ({ url, ...pin, change: changeOf(lock.documents.get(url), pin) }))
  return { documents, removed, text: renderLock(pins) }
}

interface Recording {
  readonly host: Host
  /** What was opened, filled in while references are followed. */
  readonly pins: Map<string, DocumentPin>
}

async function lockingReader(
  { lock }: Project,
  { update, insecureHosts, frozen }: LockRequest,
  { host, pins }: Recording,
): Promise<OpenRemote> {
  const { downloadDocument, openPinnedDocument } = await import('../../oci/index.ts')
  const hosts = new Set(insecureHosts)
  const network = await createDocumentHost(host, hosts)
  const isUpdated = (url: string) => update === 'all' || update?.has(url) === true
  let opened = 0
  return atMost(MAX_CONNECTIONS, async (url) => {
    const pinned = lock.documents.get(url)
    if (pinned === undefined && frozen) {
      return { refused: `${lock.path} does not pin it`, hint: 'Run `barbacane lock` and commit the lock.' }
    }
    // Counted before the download: several are under way at once.
    opened += 1
    if (opened > MAX_DOCUMENTS) throw problems.BCN_LOCK_TOO_MANY({ limit: MAX_DOCUMENTS })
    if (pinned !== undefined && !isUpdated(url)) {
      pins.set(url, pinned)
      return { bytes: await openPinnedDocument({ url, ...pinned }, network, { insecureHosts: hosts }) }
    }
    const { bytes, mediaType } = await downloadDocument(url, network, hosts)
    pins.set(url, { sha256: sha256Hex(bytes), sizeBytes: bytes.byteLength, mediaType })
    return { bytes }
  })
}

function findUnpinned(urls: Iterable<string>, { lock }: Project): string | undefined {
  return [...urls].find((url) => !lock.documents.has(url))
}

function staleFinding(url: string, { lock }: Project): Finding {
  const message = `Nothing refers to ${url} any more`
  const hint = 'Run `barbacane lock` and commit the lock.'
  return { rule: 'config', severity: 'error', message, hint, at: lock.locate(url) }
}

function changeOf(before: DocumentPin | undefined, after: DocumentPin): LockedDocument['change'] {
  if (before === undefined) return 'added'
  const isSame = before.sha256 === after.sha256 && before.mediaType === after.mediaType
  return isSame && before.sizeBytes === after.sizeBytes ? 'kept' : 'updated'
}
