import { compareFindings, type Finding, type ProblemContext, type ProblemError } from '../domain/index.ts'
import { findingOf, type Fault, type ManifestDocument } from './manifest-document.ts'
import { parseYamlText } from './yaml-text.ts'

interface Reading<C> {
  /** Reads the data and lists what is wrong with it. */
  readonly read: (value: unknown) => C & { readonly faults: readonly Fault[] }
  readonly refuse: (
    parameters: { readonly path: string; readonly count: number },
    context: ProblemContext,
  ) => ProblemError
}

/** Reads a file of which every fault counts. @throws {ProblemError} what `refuse` makes of the faults. */
export function readOrRefuse<C>(
  file: string,
  source: string | Uint8Array,
  { read, refuse }: Reading<C>,
): { readonly content: C; readonly document: ManifestDocument } {
  const refused = (findings: readonly Finding[]) => {
    const [first] = findings
    return refuse({ path: file, count: findings.length }, { findings, ...(first && { at: first.at }) })
  }
  const text = typeof source === 'string' ? source : decodeUtf8(source)
  if (text === undefined) throw refused([notUtf8(file)])
  const document = parseYamlText(file, text)
  if (document.syntax.length > 0) throw refused(document.syntax)
  const content = read(document.value)
  if (content.faults.length === 0) return { content, document }
  const findings = content.faults.map((fault) => findingOf(fault, document))
  throw refused(findings.toSorted(compareFindings))
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function notUtf8(file: string): Finding {
  const message = 'The file is not UTF-8'
  const hint = 'Save it in the encoding UTF-8.'
  return { rule: 'config', severity: 'error', message, hint, at: { file, line: 1, col: 1 } }
}
