export { startGateway, type Gateway, type GatewayOptions } from './gateway.ts'
export { bind, defaultHttpLimits, formatAddress, parseListenAddress } from './http/index.ts'
export { runtimeProblems } from './problems.ts'
export { runGateway } from './run-gateway.ts'
export { createRuntimeHost, type RuntimeHost } from './runtime-host.ts'
export { parseServeOptions, type ServeOptions } from './serve-options.ts'
export {
  readSettings,
  serveDefaults,
  settingNames,
  settingTable,
  type GatheredSettings,
  type SettingName,
  type SwitchName,
} from './settings/index.ts'
export { createLogger, logLevels } from './telemetry/index.ts'
