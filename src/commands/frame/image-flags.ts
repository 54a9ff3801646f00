import { Flags } from '@oclif/core'

import { isTag, ociProblems as problems, type Platform } from '../../oci/index.ts'
import { plainHttpFlag } from './plain-http-flag.ts'

/** Flags of the commands that handle images. */
export const imageFlags = {
  bundle: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Signature bundle to attach; may be given several times.',
    helpValue: 'FILE',
  }),
  sbom: Flags.string({
    summary: 'CycloneDX SBOM to put beside the artifact and to attach.',
    helpValue: 'FILE',
  }),
  tag: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Name of the image; may be given several times.',
    helpValue: 'TAG',
    parse: async (text: string) => {
      if (isTag(text)) return text
      throw problems.BCN_OCI_REFERENCE({ reference: text, reason: 'it is not a tag' })
    },
  }),
  'plain-http': plainHttpFlag,
}

/** Reads `OS/ARCHITECTURE[/VARIANT]`. */
export function parsePlatform(text: string): Platform {
  const [os, architecture, variant, ...rest] = text.split('/')
  if (!os || !architecture || variant === '' || rest.length > 0) {
    throw problems.BCN_OCI_OPTIONS({
      reason: `${JSON.stringify(text)} is not OS/ARCHITECTURE, e.g. linux/arm64`,
    })
  }
  return variant === undefined ? { os, architecture } : { os, architecture, variant }
}
