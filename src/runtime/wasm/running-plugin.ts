import type { JsonObject } from '../../domain/index.ts'
import type { LogLevel } from '../telemetry/index.ts'
import { PluginFault } from './plugin-fault.ts'
import type { PluginPool } from './plugin-pool.ts'

/** A plugin with one configuration, ready for requests. */
export interface RunningPlugin {
  readonly name: string
  readonly pool: PluginPool
  /** It sees bodies, and what it makes of them counts. */
  readonly bodyAccess: boolean
  readonly log: (level: LogLevel, message: string, fields: JsonObject) => void
  /** What went wrong in it, with its name. */
  readonly failure: (error: Error) => Error
}

/** Names a plugin in an error of its own; errors of the gateway stay as they are. */
export function pluginFailure(name: string, error: Error): Error {
  if (!(error instanceof PluginFault)) return error
  return new Error(`The plugin ${name} failed: ${error.message}`, { cause: error })
}
