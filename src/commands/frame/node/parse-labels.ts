import { commandProblems as problems } from '../../problems.ts'

/** Reads `NAME=TEXT`, each name once. @throws {ProblemError} BCN_CLI_USAGE */
export function parseLabels(given: readonly string[]): ReadonlyMap<string, string> {
  const labels = new Map<string, string>()
  for (const text of given) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
    if (name === undefined || value === undefined || labels.has(name)) {
      const fault = `--label ${JSON.stringify(text)} is not NAME=TEXT with a name of its own.`
      throw problems.BCN_CLI_USAGE({ fault, command: 'node add', suggestion: undefined })
    }
    labels.set(name, value)
  }
  return labels
}
