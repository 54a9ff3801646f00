export { startGateway, type Gateway, type GatewayOptions } from './gateway.ts'
export { bind, defaultHttpLimits, Fields, formatAddress, parseListenAddress } from './http/index.ts'
export { runtimeProblems } from './problems.ts'
export { probeGateway } from './probe.ts'
export { runGateway } from './run-gateway.ts'
export { runWorker } from './workers/index.ts'
export { createRuntimeHost, type RuntimeHost } from './runtime-host.ts'
export { replaceSecrets } from './secrets.ts'
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
export {
  openPlugin,
  pluginLimits,
  tryPlugin,
  type PluginHttpRequest,
  type PluginHttpResponse,
  type PluginServices,
  type Trial,
  type TrialOutcome,
  type TrialRequest,
  type TrialResponse,
} from './wasm/index.ts'
