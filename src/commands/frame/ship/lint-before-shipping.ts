import { lintSettingsOf, loadProject } from '../../../config/index.ts'
import { isAtLeast } from '../../../domain/index.ts'
import { counted, type StepOutcome } from '../../../terminal/index.ts'
import { commandProblems as problems } from '../../problems.ts'
import { findManifest } from '../build-project.ts'
import { remoteAccess } from '../remote-documents.ts'
import type { ShipContext, ShipRequest } from './ship-request.ts'

/**
 * Lints what will be compiled; warnings pass unless `--fail-on` says otherwise.
 *
 * @throws {ProblemError} BCN_SHIP_FINDINGS with the findings that stop it.
 */
export async function lintBeforeShipping(request: ShipRequest, { host }: ShipContext): Promise<StepOutcome> {
  const { build, failOn } = request
  const { allowPlaintext } = build
  const project = await loadProject(await findManifest(build.manifest, host.cwd))
  const { lintProject } = await import('../../../compiler/lint/index.ts')
  const { specs } = project
  const openRemote = remoteAccess({ ...build.references, offline: build.offline }, host)(project.lock)
  const context = { ...lintSettingsOf(project), allowPlaintext, isWhole: true, openRemote }
  const { findings } = await lintProject(specs, context)
  const grave = findings.filter(({ severity }) => isAtLeast(severity, failOn))
  const [first] = grave
  if (first !== undefined) {
    throw problems.BCN_SHIP_FINDINGS({ count: grave.length, failOn }, { findings: grave, at: first.at })
  }
  return {
    state: 'done',
    detail: `${counted(specs.length, 'description')}, ${counted(findings.length, 'finding')}`,
  }
}
