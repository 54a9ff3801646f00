import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

import { compareFindings, isNotFound, systemReason, type Finding, type Location } from '../domain/index.ts'
import { emptyLock, lockPathOf, type DocumentPin, type Lock } from './lock/lock.ts'
import { readLock } from './lock/read-lock.ts'
import { findingOf, parseManifestText } from './manifest-document.ts'
import { configProblems as problems } from './problems.ts'
import { readManifest } from './read-manifest.ts'
import type { RemotePlugin } from './read-plugin-source.ts'
import type { RuleLevel } from './read-rule-levels.ts'
import { resolveSpecs } from './resolve-specs.ts'

/** A plugin of barbacane.yaml. */
export interface PluginSource {
  readonly name: string
  /** POSIX path relative to the project root; of one that is fetched, its path among the inputs. */
  readonly path: string
  /** Where it is fetched from. */
  readonly remote?: RemotePlugin
  /** A file of the project that holds the JSON Schema of its configuration, relative to the root. */
  readonly schema?: string
  /** Where barbacane.yaml names the place of the plugin. */
  readonly at: Location
}

/** What a project says of one lint rule. */
export interface RuleSetting {
  readonly rule: string
  readonly level: RuleLevel
  /** Where barbacane.yaml names the rule. */
  readonly at: Location
}

/** A project as its barbacane.yaml describes it. */
export interface Project {
  /** Absolute path of the folder of barbacane.yaml. */
  readonly root: string
  /** Relative to the root. */
  readonly manifestPath: string
  readonly manifestBytes: Uint8Array
  /** Root documents: POSIX paths relative to the root, in the order of their bytes. */
  readonly specs: readonly string[]
  /** By name, in the order of the names. */
  readonly plugins: ReadonlyMap<string, PluginSource>
  /** Overlays: POSIX paths relative to the root, in the order in which they are applied. */
  readonly overlays: readonly string[]
  /** `lint.rules`, in the order of the file. */
  readonly ruleSettings: readonly RuleSetting[]
  /** What the documents of the network that the descriptions refer to have to be. */
  readonly lock: Lock
}

/**
 * Loads the project of a manifest (DESIGN §5.2) and its lock, and finds its root documents.
 *
 * @throws {ProblemError} BCN_CONFIG_UNREADABLE; BCN_CONFIG_INVALID with every fault of the manifest, or of the lock, as a
 *   finding.
 */
export async function loadProject(manifestPath: string): Promise<Project> {
  const { path, manifestBytes, document, content, faults } = await openManifest(manifestPath)
  const root = dirname(path)
  const { specs, faults: specFaults } = await resolveSpecs(root, content.specs)
  const findings = [...faults, ...specFaults].map((fault) => findingOf(fault, document))
  if (findings.length > 0) throw invalid(manifestPath, findings.toSorted(compareFindings))
  const plugins = content.plugins
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((plugin) => {
      const at = document.locate(['plugins', plugin.name, plugin.remote?.kind ?? 'path'])
      return [plugin.name, { ...plugin, at }] as const
    })
  const ruleSettings = [...(content.ruleLevels ?? [])].map(([rule, level]) => {
    return { rule, level, at: document.locate(['lint', 'rules', rule], 'key') }
  })
  const { overlays = [] } = content
  return {
    root,
    manifestPath: basename(path),
    manifestBytes,
    specs,
    plugins: new Map(plugins),
    overlays,
    ruleSettings,
    lock: await loadLock(manifestPath),
  }
}

async function loadLock(manifestPath: string): Promise<Lock> {
  const shown = lockPathOf(manifestPath)
  const path = basename(shown)
  let bytes: Uint8Array
  try {
    bytes = await readFile(resolve(shown))
  } catch (error) {
    if (isNotFound(error)) return emptyLock(basename(manifestPath))
    throw problems.BCN_CONFIG_UNREADABLE({ path: shown, reason: systemReason(error) }, { cause: error })
  }
  const { lock, document, faults } = readLock(path, bytes)
  const findings = [...document.syntax, ...faults.map((fault) => findingOf(fault, document))]
  if (findings.length > 0) throw invalid(shown, findings.toSorted(compareFindings))
  return lock
}

/** What the bytes of a lock pin, by URL; nothing where they are no lock. */
export function readLockedDocuments(bytes: Uint8Array): ReadonlyMap<string, DocumentPin> {
  return readLock('', bytes).lock.documents
}

/**
 * The absolute path of the policy that a manifest names for `barbacane verify`, undefined where it names none. The
 * rest of the project is not looked at, so that an artifact can be verified whatever state the descriptions are in.
 *
 * @throws {ProblemError} BCN_CONFIG_UNREADABLE, BCN_CONFIG_INVALID
 */
export async function findVerifyPolicy(manifestPath: string): Promise<string | undefined> {
  const { path, document, content, faults } = await openManifest(manifestPath)
  const findings = faults.map((fault) => findingOf(fault, document))
  if (findings.length > 0) throw invalid(manifestPath, findings.toSorted(compareFindings))
  return content.verifyPolicy === undefined ? undefined : join(dirname(path), content.verifyPolicy)
}

/**
 * The plugins that the bytes of a manifest pin and that are fetched; none where they are no manifest.
 */
export function readRemotePlugins(
  manifestBytes: Uint8Array,
): readonly (Omit<PluginSource, 'at'> & { readonly remote: RemotePlugin })[] {
  const { value } = parseManifestText('', new TextDecoder().decode(manifestBytes))
  return readManifest(value).content.plugins.flatMap(({ remote, ...plugin }) =>
    remote === undefined ? [] : [{ ...plugin, remote }],
  )
}

/** The overlays that the bytes of a manifest name, in the order in which they are applied; none where they are none. */
export function readOverlayPaths(manifestBytes: Uint8Array): readonly string[] {
  const { value } = parseManifestText('', new TextDecoder().decode(manifestBytes))
  return readManifest(value).content.overlays ?? []
}

async function openManifest(manifestPath: string) {
  const path = resolve(manifestPath)
  const manifestBytes = await readManifestFile(path, manifestPath)
  const document = parseManifestText(basename(path), decode(manifestBytes, manifestPath))
  if (document.syntax.length > 0) throw invalid(manifestPath, document.syntax)
  return { path, manifestBytes, document, ...readManifest(document.value) }
}

async function readManifestFile(path: string, shown: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    throw problems.BCN_CONFIG_UNREADABLE({ path: shown, reason: systemReason(error) }, { cause: error })
  }
}

function decode(bytes: Uint8Array, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw problems.BCN_CONFIG_UNREADABLE({ path: shown, reason: 'it is not UTF-8' }, { cause: error })
  }
}

function invalid(path: string, findings: readonly Finding[]) {
  const [first] = findings
  const context = first === undefined ? { findings } : { findings, at: first.at }
  return problems.BCN_CONFIG_INVALID({ path, count: findings.length }, context)
}
