import { access } from 'node:fs/promises'

import { readArtifactBytes } from '../../artifact/index.ts'
import { isNotFound } from '../../domain/index.ts'
import { readSmallFile } from '../policy/load-policy.ts'
import type { VerificationTarget } from './target.ts'

/** Where `sign` puts the bundle of an artifact file, and `verify` looks for it. */
export const bundlePathOf = (artifactPath: string): string => `${artifactPath}.sigstore.json`

/** Where `sbom` puts the SBOM of an artifact file, and `verify` looks for it. */
export const sbomPathOf = (artifactPath: string): string => `${artifactPath}.cdx.json`

export interface FileEvidencePaths {
  readonly artifactPath: string
  /** Instead of the one beside the artifact. */
  readonly bundlePath?: string | undefined
  readonly sbomPath?: string | undefined
}

/**
 * Reads what belongs to an artifact file. A bundle or SBOM that is named has to be there; without a name the
 * one beside the artifact is taken if there is one.
 *
 * @throws {ProblemError} BCN_VERIFY_UNREADABLE
 */
export async function readFileEvidence(
  paths: FileEvidencePaths,
): Promise<Pick<VerificationTarget, 'bundles' | 'sbom'>> {
  const { artifactPath } = paths
  const bundle = await readNamedOrBeside(paths.bundlePath, bundlePathOf(artifactPath))
  const more = paths.bundlePath === undefined ? await readFurtherBundles(artifactPath) : []
  const sbom = await readNamedOrBeside(paths.sbomPath, sbomPathOf(artifactPath))
  return { bundles: bundle === undefined ? more : [bundle, ...more], sbom }
}

/**
 * Reads an artifact file and what belongs to it.
 *
 * @param name as the user named it
 * @throws {ProblemError} BCN_ARTIFACT_UNREADABLE, BCN_ARTIFACT_TOO_LARGE, BCN_VERIFY_UNREADABLE
 */
export async function readFileTarget(name: string, paths: FileEvidencePaths): Promise<VerificationTarget> {
  const artifactBytes = await readArtifactBytes(paths.artifactPath)
  return { kind: 'artifact', name, artifactBytes, ...(await readFileEvidence(paths)) }
}

const MAX_FILES = 64

/** `pull` numbers the bundles of an image that has several: ARTIFACT.sigstore.2.json and so on. */
async function readFurtherBundles(artifactPath: string): Promise<readonly Buffer[]> {
  const bundles: Buffer[] = []
  for (let number = 2; number <= MAX_FILES; number++) {
    const bundle = await readNamedOrBeside(undefined, `${artifactPath}.sigstore.${number}.json`)
    if (bundle === undefined) break
    bundles.push(bundle)
  }
  return bundles
}

async function readNamedOrBeside(named: string | undefined, beside: string): Promise<Buffer | undefined> {
  if (named !== undefined) return readSmallFile(named)
  try {
    await access(beside)
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
  return readSmallFile(beside)
}
