export { createAccessLog, type AccessLog } from './access-log.ts'
export { createGatewayMetrics, type GatewayMetrics } from './gateway-metrics.ts'
export { createLogger, logFormats, logLevels, type LogFormat, type Logger, type LogLevel } from './logger.ts'
export type { Histogram, Sample } from './metrics.ts'
export type { OperationMetrics, ResponseResult } from './operation-metrics.ts'
export { MetricRegistry, type Counter } from './metrics.ts'
export {
  addConfigurationMetrics,
  createNodeMetrics,
  createWorkerMetrics,
  type NodeMetrics,
  type WorkerMetrics,
} from './node-metrics.ts'
export type { PluginMetrics } from './plugin-metrics.ts'
export { redactHeaders } from './redact.ts'
export type { Stage } from './stages.ts'
export type { RequestTrace, Tracing, UpstreamTrace } from './tracing/trace.ts'
export type { DeliveryMetrics, UpstreamMetrics } from './upstream-metrics.ts'
