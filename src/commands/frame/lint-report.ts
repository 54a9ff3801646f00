import { relative, resolve, sep } from 'node:path'

import { isRemoteDocument, type Finding, type Host } from '../../domain/index.ts'
import { renderFindings, type FindingFormat, type RuleDescription, type Style } from '../../terminal/index.ts'

/** Everything that a report on findings is made of, with files relative to the root. */
export interface LintReport {
  /** Absolute path. */
  readonly root: string
  readonly files: readonly string[]
  readonly findings: readonly Finding[]
  readonly rules: readonly RuleDescription[]
  /** The text of a file, for the lines that are meant; undefined where nobody sits at a terminal. */
  readonly sourceOf?: (file: string) => string | undefined
  readonly version: string
  /** From how many findings on text shows some of each rule instead of all of them. */
  readonly maxListed?: number | undefined
}

/** Renders a report; files are shown as they are found from where it is read. */
export function renderReport(
  report: LintReport,
  format: FindingFormat,
  { style, host }: { readonly style: Style; readonly host: Host },
): string {
  const { root, files, findings, rules, sourceOf, version, maxListed } = report
  const base = baseOf(format, host)
  const show = (file: string) =>
    isRemoteDocument(file) ? file : relative(base, resolve(root, file)).split(sep).join('/')
  const originals = new Map(files.map((file) => [show(file), file]))
  const shown = findings.map((finding) => ({
    ...finding,
    at: { ...finding.at, file: show(finding.at.file) },
  }))
  return renderFindings(shown, format, {
    style,
    files: [...originals.keys()],
    rules,
    version,
    ...(maxListed === undefined ? {} : { maxListed }),
    ...(sourceOf === undefined ? {} : { sourceOf: (file) => sourceOf(originals.get(file) ?? file) }),
  })
}

// GitHub and GitLab count from the top of the checkout, people and editors from where they are.
function baseOf(format: FindingFormat, { cwd, env }: Host): string {
  const workspace = env['GITHUB_WORKSPACE']
  const project = env['CI_PROJECT_DIR']
  if (project && format === 'gitlab') return resolve(project)
  return workspace && ['github', 'sarif', 'markdown'].includes(format) ? resolve(workspace) : cwd
}
