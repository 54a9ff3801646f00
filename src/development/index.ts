export {
  startDevSession,
  type DevBuild,
  type DevEvent,
  type DevSession,
  type DevSessionPorts,
  type ReloadableGateway,
} from './dev-session.ts'
export { watchProject } from './watch-project.ts'
