import type { Dashboard } from './dashboard.ts'

/** Opens the dashboard of a fleet in a terminal; ink and react are loaded only for that. */
export async function openDashboard(stdout: NodeJS.WriteStream): Promise<Dashboard> {
  const { mountDashboard } = await import('./dashboard.ts')
  return mountDashboard(stdout)
}
