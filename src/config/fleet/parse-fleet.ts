import { readOrRefuse } from '../read-or-refuse.ts'
import { configProblems as problems } from '../problems.ts'
import type { Fleet } from './fleet.ts'
import { readFleet } from './read-fleet.ts'

/**
 * Reads the text of a `fleet.yaml`.
 *
 * @param file as places in it are to be called, e.g. `fleet.yaml` or `origin/main:fleet.yaml`
 * @param source the text, or its bytes
 * @throws {ProblemError} BCN_FLEET_INVALID with every fault of the file as a finding.
 */
export function parseFleet(file: string, source: string | Uint8Array): Fleet {
  const { content, document } = readOrRefuse(file, source, {
    read: readFleet,
    refuse: problems.BCN_FLEET_INVALID,
  })
  const { environments, nodes, positions } = content
  return {
    environments,
    nodes,
    locateNode: (name) => {
      const index = positions.get(name)
      return document.locate(index === undefined ? ['nodes'] : ['nodes', index, 'name'])
    },
    locateEnvironment: (name) => document.locate(['environments', name], 'key'),
  }
}
