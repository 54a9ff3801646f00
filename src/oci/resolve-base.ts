import type { Platform } from './content/descriptor.ts'
import { readBaseImage, type BaseImage } from './layout/base-image.ts'
import { parseLayoutReference } from './layout/layout-reference.ts'
import { openLayout } from './layout/layout-store.ts'
import { chooseImage } from './layout/read-layout.ts'
import { ociProblems as problems } from './problems.ts'
import { resolveReference } from './registry/pull-image.ts'
import { formatReference, parseReference } from './registry/reference.ts'
import type { RegistryHost, RegistryOptions } from './registry/registry-host.ts'
import { openSession } from './registry/registry-session.ts'
import { registrySource } from './registry/registry-source.ts'

/**
 * Finds the base image that a user names: `oci:PATH[:TAG]` is a layout, everything else a registry reference, which
 * must name a digest.
 *
 * @throws {ProblemError} BCN_OCI_REFERENCE_UNPINNED, BCN_OCI_BASE_UNSUPPORTED, BCN_OCI_…
 */
export async function resolveBase(
  text: string,
  platform: Platform,
  host: RegistryHost,
  options: RegistryOptions = {},
): Promise<BaseImage> {
  if (/^oci(-archive)?:(?!\/\/)/.test(text)) {
    const reference = parseLayoutReference(text)
    const store = await openLayout(reference.path)
    const { root, tags } = await chooseImage(store, reference)
    // Some tools name images of a layout by their whole reference; a path of this machine names nothing to others.
    const name = tags.find((tag) => tag.includes('/'))
    return readBaseImage(store, root, name === undefined ? { platform } : { platform, name })
  }
  const reference = parseReference(text)
  if (reference.digest === undefined) throw problems.BCN_OCI_REFERENCE_UNPINNED({ reference: text })
  const session = openSession(reference, host, options)
  const { descriptor } = await resolveReference(session, reference)
  const { registry, repository, tag } = reference
  const name = formatReference({ registry, repository, ...(tag === undefined ? {} : { tag }) })
  return readBaseImage(registrySource(session), descriptor, { platform, name })
}
