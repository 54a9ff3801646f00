import { projectProblems as problems } from './problems.ts'
import type { Survey } from './survey-folder.ts'
import type { Template } from './template.ts'

export interface PlannedFile {
  /** POSIX path relative to the root. */
  readonly path: string
  readonly bytes: Uint8Array
  readonly action: 'create' | 'replace'
}

/** What `init` will do to a folder. */
export interface InitPlan {
  /** Absolute path of the project's folder; it need not exist. */
  readonly root: string
  readonly files: readonly PlannedFile[]
  /** The paths whose content is there already. */
  readonly unchanged: readonly string[]
}

export interface InitRequest {
  readonly root: string
  readonly template: Template
  /** What stands at the template's paths now. */
  readonly survey: Survey
  /** Replace files of other content. */
  readonly force: boolean
}

/**
 * Decides what has to be written so that the folder holds the template.
 *
 * @throws {ProblemError} BCN_INIT_OBSTRUCTED where a folder stands in the place of a file or the other way round;
 *   BCN_INIT_EXISTS where files of other content are there and `force` is false.
 */
export function planInit({ root, template, survey, force }: InitRequest): InitPlan {
  const pathsThatAre = (state: string) => [...template.keys()].filter((path) => survey.get(path) === state)
  const obstructed = pathsThatAre('obstructed')
  if (obstructed.length > 0) throw problems.BCN_INIT_OBSTRUCTED({ root, paths: obstructed })
  const different = pathsThatAre('different')
  if (different.length > 0 && !force) throw problems.BCN_INIT_EXISTS({ root, paths: different })
  const files = [...template]
    .filter(([path]) => survey.get(path) !== 'same')
    .map(([path, bytes]): PlannedFile => {
      return { path, bytes, action: survey.get(path) === 'different' ? 'replace' : 'create' }
    })
  return { root, files, unchanged: pathsThatAre('same') }
}
