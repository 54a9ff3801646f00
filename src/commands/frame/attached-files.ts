import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import { systemReason } from '../../domain/index.ts'
import { ociProblems as problems, type AttachedFile } from '../../oci/index.ts'

/** What --bundle and --sbom name, read. */
export async function readAttachedFiles(
  cwd: string,
  flags: { readonly bundle?: readonly string[] | undefined; readonly sbom?: string | undefined },
): Promise<{ readonly bundles: readonly AttachedFile[]; readonly sbom?: AttachedFile }> {
  const bundles = await Promise.all((flags.bundle ?? []).map((path) => readAttached(cwd, path)))
  return flags.sbom === undefined ? { bundles } : { bundles, sbom: await readAttached(cwd, flags.sbom) }
}

async function readAttached(cwd: string, path: string): Promise<AttachedFile> {
  try {
    return { path, bytes: await readFile(resolve(cwd, path)) }
  } catch (error) {
    throw problems.BCN_OCI_ATTACHMENT({ path, reason: systemReason(error) }, { cause: error })
  }
}
