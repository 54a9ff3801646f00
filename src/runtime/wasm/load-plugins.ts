import type { Artifact } from '../../artifact/index.ts'
import {
  canonicalJson,
  entryPathOf,
  isObject,
  type JsonObject,
  type JsonValue,
  type PluginUse,
} from '../../domain/index.ts'
import { ModuleRefusal } from '../../sandbox/index.ts'
import type { BuiltMiddleware } from '../middlewares/index.ts'
import type { Handler } from '../pipeline/index.ts'
import { runtimeProblems as problems } from '../problems.ts'
import { openPlugin, pluginLimits, type OpenPlugin } from './open-plugin.ts'
import type { PluginLimits } from './open-module.ts'
import { pluginDispatcher } from './plugin-dispatcher.ts'
import { PluginFault } from './plugin-fault.ts'
import { pluginMiddleware } from './plugin-middleware.ts'
import { PluginPool } from './plugin-pool.ts'
import { pluginFailure, type RunningPlugin } from './running-plugin.ts'
import { createServices, type ServiceContext } from './services/create-services.ts'

/** How a route uses a plugin. */
export interface PluginPlacement {
  /** For messages. */
  readonly route: string
  readonly captureNames: readonly string[]
  /** The configuration as it stands in the artifact, with references to secrets. */
  readonly declared: JsonObject
}

/** The WebAssembly plugins of one artifact. */
export interface Plugins {
  readonly has: (name: string) => boolean
  /** @throws {ProblemError} BCN_PLUGIN_REFUSED, BCN_PLUGIN_CONFIG */
  readonly createMiddleware: (use: PluginUse, place: PluginPlacement) => BuiltMiddleware
  /** @throws {ProblemError} BCN_PLUGIN_REFUSED, BCN_PLUGIN_CONFIG */
  readonly createDispatcher: (use: PluginUse, place: PluginPlacement) => Handler
}

/**
 * Opens the plugins of an artifact as routes ask for them: each module is confined and compiled once, and has instances
 * for each of its configurations.
 */
export function loadPlugins(
  artifact: Artifact,
  context: ServiceContext & { readonly maxBodyBytes: number },
): Plugins {
  const paths = new Map(artifact.manifest.plugins.map(({ name, path }) => [name, path]))
  const limits = pluginLimits(context.maxBodyBytes)
  const opened = new Map<string, OpenPlugin>()
  const running = new Map<string, RunningPlugin>()
  const open = (name: string): OpenPlugin => {
    const known = opened.get(name) ?? openBytes(name, bytesOf(artifact, paths, name), limits)
    opened.set(name, known)
    return known
  }
  const run = ({ name, config }: PluginUse, { route, declared }: PluginPlacement): RunningPlugin => {
    const key = `${name} ${canonicalJson(config)}`
    const known = running.get(key)
    if (known !== undefined) return known
    const plugin = open(name)
    const pool = startPool({ name, route, plugin, context, config, declared })
    const made: RunningPlugin = {
      name,
      pool,
      bodyAccess: plugin.manifest.bodyAccess,
      log: (level, message, fields) => context.log.log(level, message, { plugin: name, ...fields }),
      failure: (error) => pluginFailure(name, error),
    }
    running.set(key, made)
    return made
  }
  return {
    has: (name) => paths.has(name),
    createMiddleware: (use, place) => ({ handle: pluginMiddleware(run(use, place), place.captureNames) }),
    createDispatcher: (use, place) => pluginDispatcher(run(use, place), place.captureNames),
  }
}

function bytesOf(artifact: Artifact, paths: ReadonlyMap<string, string>, name: string): Uint8Array {
  const path = paths.get(name) as string
  const bytes = artifact.entries.get(entryPathOf({ kind: 'plugin', path }))
  if (bytes === undefined)
    throw problems.BCN_PLUGIN_REFUSED({ plugin: name, reason: 'it is not in the artifact' })
  return bytes
}

function openBytes(name: string, bytes: Uint8Array, limits: PluginLimits): OpenPlugin {
  try {
    return openPlugin(bytes, limits)
  } catch (error) {
    if (!(error instanceof ModuleRefusal)) throw error
    throw problems.BCN_PLUGIN_REFUSED({ plugin: name, reason: error.message }, { cause: error })
  }
}

interface Start {
  readonly name: string
  readonly route: string
  readonly plugin: OpenPlugin
  readonly context: ServiceContext
  readonly config: JsonObject
  readonly declared: JsonObject
}

function startPool({ name, route, plugin, context, config, declared }: Start): PluginPool {
  try {
    return PluginPool.start(plugin.open, {
      configJson: JSON.stringify(config),
      secrets: secretsOf(declared, config),
      services: createServices(name, context),
      fresh: plugin.manifest.freshInstance,
    })
  } catch (error) {
    if (!(error instanceof PluginFault)) throw error
    throw problems.BCN_PLUGIN_CONFIG({ route, plugin: name, reason: error.message }, { cause: error })
  }
}

/** What each reference to a secret stands for, found by laying the declared configuration over the resolved one. */
function secretsOf(declared: JsonValue, resolved: JsonValue): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>()
  const visit = (reference: JsonValue, value: JsonValue): void => {
    if (typeof reference === 'string') {
      if (typeof value === 'string' && reference !== value) secrets.set(reference, value)
    } else if (Array.isArray(reference)) {
      for (const [index, item] of reference.entries())
        visit(item, (value as readonly JsonValue[])[index] ?? null)
    } else if (isObject(reference) && isObject(value)) {
      for (const [key, item] of Object.entries(reference)) visit(item, value[key] ?? null)
    }
  }
  visit(declared, resolved)
  return secrets
}
