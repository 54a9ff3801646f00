export {
  createGatewayMetrics,
  type DeliveryMetrics,
  type GatewayMetrics,
  type OperationMetrics,
  type UpstreamMetrics,
} from './gateway-metrics.ts'
export { createLogger, logFormats, logLevels, type LogFormat, type Logger, type LogLevel } from './logger.ts'
export type { Sample } from './metrics.ts'
export type { PluginMetrics } from './plugin-metrics.ts'
export { redactHeaders } from './redact.ts'
