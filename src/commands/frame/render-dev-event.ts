import type { DevEvent } from '../../development/index.ts'
import { counted, renderProblem, renderWarning, type Style } from '../../terminal/index.ts'

/** One event of a development session for the person at the terminal. */
export function renderDevEvent(event: DevEvent, style: Style): string {
  if (event.kind === 'unchanged') return style.dim('no change: the artifact is the same')
  if (event.kind === 'failed') {
    const state = event.stillServing ? 'The previous version goes on serving.' : 'Waiting for a change.'
    return `${renderProblem(event.problem, style)}\n${style.yellow(state)}`
  }
  const { artifact_hash: hash, routes_count: routes } = event.artifact.manifest
  const warnings = event.warnings.map((warning) => renderWarning(warning, style))
  return [...warnings, `${style.green(event.kind)} ${counted(routes, 'route')}, ${hash}`].join('\n')
}
