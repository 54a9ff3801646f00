import { resolve } from 'node:path'

import { readFileTarget, readSmallFile, type VerificationTarget } from '../../attest/index.ts'
import type { Host } from '../../domain/index.ts'
import type { TargetKind } from './target-kind.ts'

/** The flags that say what belongs to a target, and how its registry is spoken to. */
export interface TargetFlags {
  readonly bundle?: string | undefined
  readonly sbom?: string | undefined
  readonly 'plain-http': boolean
}

/**
 * Reads what is to be verified: a file with what stands beside it, or an image with what is attached to it. A bundle or
 * SBOM that is named stands instead of those found.
 *
 * @throws {ProblemError} BCN_VERIFY_UNREADABLE, BCN_ARTIFACT_…, BCN_OCI_…
 */
export async function readTarget(
  { kind, name }: { readonly kind: TargetKind; readonly name: string },
  flags: TargetFlags,
  host: Host,
): Promise<VerificationTarget> {
  const path = (given: string | undefined) => (given === undefined ? undefined : resolve(host.cwd, given))
  const [bundlePath, sbomPath] = [path(flags.bundle), path(flags.sbom)]
  if (kind === 'artifact') {
    return readFileTarget(name, { artifactPath: resolve(host.cwd, name), bundlePath, sbomPath })
  }
  // Loaded late: a file needs nothing that knows images.
  const { readImageTarget } = await import('./read-image-target.ts')
  const target = await readImageTarget({ kind, name, plainHttp: flags['plain-http'] }, host)
  return {
    ...target,
    ...(bundlePath && { bundles: [await readSmallFile(bundlePath)] }),
    ...(sbomPath && { sbom: await readSmallFile(sbomPath), otherSboms: [] }),
  }
}
