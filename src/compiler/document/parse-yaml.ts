import { load, YAMLException } from 'js-yaml'

import { expansionFault } from './expansion.ts'
import { raiseClosers } from './outdented-closers.ts'
import { createOutlineFinder } from './outline.ts'
import { outlineYaml } from './outline-yaml.ts'
import { duplicateKeyFault, tooDeepFault, type Parsed, type SyntaxFault } from './syntax-fault.ts'
import { mayHaveUnsafeNumbers } from './unsafe-numbers.ts'
import { MAX_DEPTH, yamlOptions } from './yaml-options.ts'

/** Parses one YAML 1.2 document with the core schema; duplicate keys, deep nesting and alias bombs are faults. */
export function parseYaml(text: string): Parsed {
  try {
    return accept(text, load(text, yamlOptions), [])
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    if (error.reason.startsWith('duplicated mapping key')) return parseWithDuplicates(text)
    const raised = raiseClosers(text, error)
    if (raised === undefined) return { faults: [toFault(error)] }
    const { root, faults } = parseYaml(raised.text)
    return { ...(root && { root }), faults: [...raised.faults, ...faults] }
  }
}

function parseWithDuplicates(text: string): Parsed {
  try {
    const value = load(text, { ...yamlOptions, json: true })
    return accept(text, value, outlineYaml(text).duplicates.map(duplicateKeyFault))
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    return { faults: [toFault(error)] }
  }
}

function accept(text: string, value: unknown, faults: readonly SyntaxFault[]): Parsed {
  const bomb = expansionFault(value)
  if (bomb !== undefined) return { faults: [...faults, bomb] }
  const finder = () => createOutlineFinder(outlineYaml(text).root)
  return { root: { value, mayHaveUnsafeNumbers: mayHaveUnsafeNumbers(text), finder }, faults }
}

function toFault(error: YAMLException): SyntaxFault {
  const start = error.mark?.position ?? 0
  if (error.reason.includes('maxDepth')) return tooDeepFault(start, MAX_DEPTH)
  return {
    severity: 'error',
    message: `The YAML cannot be parsed: ${error.reason}`,
    hint: 'Correct the text at this place; look at indentation, quotes and special characters first.',
    start,
  }
}
