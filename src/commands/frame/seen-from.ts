import { relative, resolve, sep } from 'node:path'

import {
  isProblemError,
  isRemoteDocument,
  ProblemError,
  type Finding,
  type Location,
} from '../../domain/index.ts'

/** Two folders, both absolute: paths are relative to the project's, and are shown from the user's. */
export interface Viewpoint {
  readonly root: string
  readonly cwd: string
}

/** Findings with their files as they are found from where the user is. */
export function findingsSeenFrom(findings: readonly Finding[], viewpoint: Viewpoint): readonly Finding[] {
  return findings.map((finding) => ({ ...finding, at: placeSeenFrom(finding.at, viewpoint) }))
}

/** The same for the places of a problem; any other error is given back as it is. */
export function errorSeenFrom(error: unknown, viewpoint: Viewpoint): unknown {
  if (!isProblemError(error)) return error
  const { at, findings, ...problem } = error.problem
  return new ProblemError(
    {
      ...problem,
      ...(at && { at: placeSeenFrom(at, viewpoint) }),
      ...(findings && { findings: findingsSeenFrom(findings, viewpoint) }),
    },
    error.cause,
  )
}

function placeSeenFrom(at: Location, { root, cwd }: Viewpoint): Location {
  if (isRemoteDocument(at.file)) return at
  return { ...at, file: relative(cwd, resolve(root, at.file)).split(sep).join('/') }
}
