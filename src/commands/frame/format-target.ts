import { readFile } from 'node:fs/promises'
import { basename, dirname, relative, resolve, sep } from 'node:path'

import { loadProject } from '../../config/index.ts'
import { systemReason } from '../../domain/index.ts'
import { commandProblems as problems } from '../problems.ts'
import { findManifest } from './build-project.ts'

const YAML = /\.ya?ml$/i

/** A file that may be formatted. */
export interface FormatTarget {
  /** Absolute. */
  readonly path: string
  /** As the user finds it from the working directory. */
  readonly shown: string
  readonly kind: 'description' | 'manifest'
  readonly text: string
}

/**
 * The YAML files that are named; without any, the barbacane.yaml of the project, its descriptions and every file that
 * they refer to. JSON has no comments and no order that anybody chose, so it is left alone.
 *
 * @throws {ProblemError} BCN_FMT_REFUSED where a file cannot be read; BCN_CONFIG_…
 */
export async function findFormatTargets(
  files: readonly string[],
  cwd: string,
): Promise<readonly FormatTarget[]> {
  const paths = files.length === 0 ? await projectFiles(cwd) : files.map((file) => resolve(cwd, file))
  return Promise.all([...new Set(paths)].filter((path) => YAML.test(path)).map((path) => read(path, cwd)))
}

async function projectFiles(cwd: string): Promise<readonly string[]> {
  const manifest = resolve(cwd, await findManifest(undefined, cwd))
  const { root, specs, overlays } = await loadProject(relative(cwd, manifest))
  const { loadDocuments } = await import('../../compiler/document/index.ts')
  const { set } = await loadDocuments([...specs, ...overlays], { root })
  const documents = new Set([...specs, ...overlays, ...set.documents.keys()])
  return [manifest, ...[...documents].toSorted().map((path) => resolve(dirname(manifest), path))]
}

async function read(path: string, cwd: string): Promise<FormatTarget> {
  const shown = relative(cwd, path).split(sep).join('/')
  const kind = basename(path) === 'barbacane.yaml' ? 'manifest' : 'description'
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path))
    return { path, shown, kind, text }
  } catch (error) {
    const reason = error instanceof TypeError ? 'it is not UTF-8' : systemReason(error)
    throw problems.BCN_FMT_REFUSED({ path: shown, reason }, { cause: error })
  }
}
