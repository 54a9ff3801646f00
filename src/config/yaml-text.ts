import { CORE_SCHEMA, load, YAMLException } from 'js-yaml'

import type { Finding } from '../domain/index.ts'
import { parseManifestText, type ManifestDocument } from './manifest-document.ts'

const MAX_DEPTH = 32

/**
 * The same as {@link parseManifestText} for files that can be long: the data comes from the faster of two parsers, and
 * the text is parsed again for places only when somebody asks for one.
 */
export function parseYamlText(file: string, text: string): ManifestDocument {
  let placed: ManifestDocument | undefined
  const withPlaces = () => (placed ??= parseManifestText(file, text))
  const locate: ManifestDocument['locate'] = (tokens, part) => withPlaces().locate(tokens, part)
  try {
    return { value: load(text, { schema: CORE_SCHEMA, maxDepth: MAX_DEPTH }), syntax: [], locate }
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    // The other parser has no such limit, and would run out of stack.
    if (error.reason.includes('maxDepth')) return { value: undefined, syntax: [tooDeep(error, file)], locate }
    return withPlaces()
  }
}

function tooDeep({ mark }: YAMLException, file: string): Finding {
  return {
    rule: 'config',
    severity: 'error',
    message: `The YAML cannot be read: it is nested deeper than ${MAX_DEPTH} levels`,
    hint: 'Look for brackets that are not closed.',
    at: { file, line: (mark?.line ?? 0) + 1, col: (mark?.column ?? 0) + 1 },
  }
}
