import { confinePlugin, wasm, type InstrumentedModule, type WasmModule } from '../../sandbox/index.ts'

/** Bounds of one plugin. */
export interface PluginLimits {
  /** The largest memory of an instance, in bytes; whole pages of 64 KiB are used. */
  readonly maxMemoryBytes: number
  /** Units of fuel for one call: about one for an instruction. */
  readonly callFuel: number
  /** Instances that may wait for an answer from elsewhere at the same time. */
  readonly maxInstances: number
}

export const defaultPluginLimits: PluginLimits = {
  maxMemoryBytes: 16 * 1024 * 1024,
  callFuel: 100_000_000,
  maxInstances: 256,
}

const PAGE_BYTES = 64 * 1024
const BODY_ROOM_BYTES = 4 * 1024 * 1024
const MAX_PAGES = 4096

/** The bounds in a gateway that takes bodies of this size: the largest has to fit into a plugin. */
export function pluginLimits(maxBodyBytes: number): PluginLimits {
  const maxMemoryBytes = Math.max(defaultPluginLimits.maxMemoryBytes, maxBodyBytes + BODY_ROOM_BYTES)
  return { ...defaultPluginLimits, maxMemoryBytes }
}

/** Host functions that wait, so that plugins which import one are called by promise. */
const WAITING: ReadonlySet<string> = new Set(['host_http_call', 'host_http_stream', 'host_ws_upgrade'])

/** A plugin's module, confined and compiled; instances are made of it. */
export interface OpenModule {
  readonly module: WasmModule
  readonly confined: InstrumentedModule
  readonly functions: ReadonlySet<string>
  /** Imports of host functions that may wait. */
  readonly waiting: ReadonlySet<string>
  readonly limits: PluginLimits
}

/**
 * Confines a plugin and compiles it.
 *
 * @throws {ModuleRefusal} for a module that cannot be confined, that imports what no gateway offers, or that lacks what
 * every plugin exports.
 */
export function openModule(bytes: Uint8Array, limits: PluginLimits): OpenModule {
  const maxPages = Math.min(Math.floor(limits.maxMemoryBytes / PAGE_BYTES), MAX_PAGES)
  const confined = confinePlugin(bytes, { maxPages, startFuel: limits.callFuel })
  const functions = new Set(confined.exports.map(({ name }) => name))
  const imported = confined.functions.imported.map(({ name }) => name)
  const waiting = new Set(imported.filter((name) => WAITING.has(name)))
  return { module: new wasm.Module(confined.bytes), confined, functions, waiting, limits }
}
