import { addedExports, WASI_MODULE } from '../../sandbox/index.ts'
import { CallState } from './call-state.ts'
import { GuestMemory, type MemoryChanges, type MemoryImage } from './guest-memory.ts'
import { brokers } from './host/brokers.ts'
import { clockAndRandom } from './host/clock-and-random.ts'
import type { Guest, HostFunctions } from './host/guest.ts'
import { http } from './host/http.ts'
import { limitsAndCache } from './host/limits-and-cache.ts'
import { logAndContext } from './host/log-and-context.ts'
import { outputAndBody } from './host/output-and-body.ts'
import { secretsAndSignatures } from './host/secrets-and-signatures.ts'
import { telemetry } from './host/telemetry.ts'
import { wasi } from './host/wasi.ts'
import type { OpenModule } from './open-module.ts'
import { PluginFault } from './plugin-fault.ts'
import {
  wasm,
  type WasmExport,
  type WasmFunction,
  type WasmGlobal,
  type WasmMemory,
} from '../../sandbox/index.ts'

/** The functions of a plugin that a gateway calls with JSON. */
export type EntryPoint = 'on_request' | 'on_response' | 'dispatch'

/** Everything that one instance can be told apart by from another of the same module. */
export interface InstanceImage {
  readonly memory: MemoryImage
  readonly globals: readonly (number | bigint)[]
}

/** What has become of an instance since its image, kept while another request uses it. */
export interface InstanceChanges {
  readonly memory: MemoryChanges
  readonly globals: readonly (number | bigint)[]
}

type Entry = (pointer: number, length: number) => number | Promise<number>

/** A large message gets more than a small one. */
const FUEL_PER_BYTE = 100
const MAX_FUEL = 0x7fff_ffff

/** One instance of a plugin: it serves one call at a time. */
export class PluginInstance {
  readonly #guest: Guest
  readonly #memory: GuestMemory
  readonly #fuel: WasmGlobal
  readonly #globals: readonly WasmGlobal[]
  readonly #alloc: ((size: number) => number) | undefined
  readonly #init: ((pointer: number, length: number) => number) | undefined
  readonly #entries: ReadonlyMap<string, Entry>
  readonly #callFuel: number

  /** @throws {PluginFault} where its start function fails */
  constructor(open: OpenModule, guest: Guest) {
    const exports = instantiate(open, guest)
    const memory = exports['memory'] as WasmMemory
    const pages = exports[addedExports.pages] as WasmGlobal
    this.#guest = guest
    this.#memory = new GuestMemory(memory, pages, exports[addedExports.dirty] as WasmMemory)
    this.#fuel = exports[addedExports.fuel] as WasmGlobal
    this.#globals = open.confined.globals.map(({ name }) => exports[name] as WasmGlobal)
    this.#alloc = functionOf(exports['alloc']) as ((size: number) => number) | undefined
    this.#init = functionOf(exports['init']) as ((pointer: number, length: number) => number) | undefined
    this.#entries = entriesOf(exports, open.waiting.size > 0)
    this.#callFuel = open.limits.callFuel
    guest.memory = this.#memory
    guest.fuel = this.#fuel
  }

  /**
   * Hands the plugin its configuration and returns its code. It cannot call other services meanwhile.
   *
   * @throws {PluginFault} after which the instance must not be used
   */
  init(configJson: string): number {
    const state = new CallState(new Map(), null)
    state.mayWait = false
    this.#prepare(state, configJson.length)
    try {
      const length = Buffer.byteLength(configJson)
      return this.#init?.(length === 0 ? 0 : this.#place(configJson, length), length) ?? 0
    } catch (error) {
      return this.#rethrow(error)
    }
  }

  /**
   * Hands JSON to a function of the plugin and returns its code; by promise where the plugin may wait for others.
   *
   * @throws {PluginFault} also as a rejection; the instance must not be used again then.
   */
  call(name: EntryPoint, json: string, state: CallState): number | Promise<number> {
    const entry = this.#entries.get(name)
    if (entry === undefined) throw new PluginFault('trap', `it does not export ${name}`)
    const length = Buffer.byteLength(json)
    this.#prepare(state, length + (state.body?.byteLength ?? 0))
    try {
      const pointer = length === 0 ? 0 : this.#place(json, length)
      const code = entry(pointer, length)
      return typeof code === 'number' ? code : code.catch((error: unknown) => this.#rethrow(error))
    } catch (error) {
      return this.#rethrow(error)
    }
  }

  takeImage(): InstanceImage {
    return { memory: this.#memory.takeImage(), globals: this.#globalValues() }
  }

  /** Makes a fresh instance equal to the one that the image is of. */
  load({ memory, globals }: InstanceImage): void {
    this.#memory.load(memory)
    this.#setGlobals(globals)
  }

  /** Undoes everything since the image was taken or loaded. */
  restore({ memory, globals }: InstanceImage): void {
    this.#memory.restore(memory)
    this.#setGlobals(globals)
  }

  changes(): InstanceChanges {
    return { memory: this.#memory.changes(), globals: this.#globalValues() }
  }

  apply({ memory, globals }: InstanceChanges): void {
    this.#memory.apply(memory)
    this.#setGlobals(globals)
  }

  #prepare(state: CallState, payloadBytes: number): void {
    this.#guest.call = state
    this.#fuel.value = Math.min(Math.max(this.#callFuel, payloadBytes * FUEL_PER_BYTE), MAX_FUEL)
  }

  /** Plugins without `alloc` are given their input behind everything they have. */
  #place(json: string, length: number): number {
    const pointer = this.#alloc === undefined ? this.#memory.extend(length) : this.#alloc(length)
    if (pointer === undefined) throw new PluginFault('memory', 'its memory has no room for the input')
    this.#memory.writeText(pointer, json, length)
    return pointer
  }

  #globalValues(): readonly (number | bigint)[] {
    return this.#globals.map(({ value }) => value)
  }

  #setGlobals(values: readonly (number | bigint)[]): void {
    for (const [index, global] of this.#globals.entries()) global.value = values[index] as number | bigint
  }

  #rethrow(error: unknown): never {
    if (error instanceof PluginFault) throw error
    if ((this.#fuel.value as number) < 0) {
      throw new PluginFault('out-of-fuel', 'it used up what one call may cost', error)
    }
    if (error instanceof wasm.RuntimeError) throw new PluginFault('trap', error.message, error)
    if (error instanceof RangeError) throw new PluginFault('stack', error.message, error)
    throw error
  }
}

function instantiate(open: OpenModule, guest: Guest): Readonly<Record<string, WasmExport>> {
  try {
    return new wasm.Instance(open.module, importsOf(open, guest)).exports
  } catch (error) {
    if (error instanceof wasm.RuntimeError) throw new PluginFault('trap', error.message, error)
    if (error instanceof RangeError) throw new PluginFault('memory', error.message, error)
    throw error
  }
}

function entriesOf(
  exports: Readonly<Record<string, WasmExport>>,
  waits: boolean,
): ReadonlyMap<string, Entry> {
  const names: readonly EntryPoint[] = ['on_request', 'on_response', 'dispatch']
  return new Map(
    names.flatMap((name) => {
      const found = functionOf(exports[name])
      if (found === undefined) return []
      return [[name, waits ? wasm.promising(found) : (found as unknown as Entry)]]
    }),
  )
}

function functionOf(exported: WasmExport | undefined): WasmFunction | undefined {
  return typeof exported === 'function' ? exported : undefined
}

function importsOf({ waiting }: OpenModule, guest: Guest) {
  const functions: HostFunctions = {
    ...outputAndBody(guest),
    ...logAndContext(guest),
    ...clockAndRandom(guest),
    ...secretsAndSignatures(guest),
    ...limitsAndCache(guest),
    ...telemetry(guest),
    ...brokers(guest),
    ...http(guest),
  }
  const barbacane = Object.entries(functions).map(([name, host]) => [
    name,
    waiting.has(name) ? new wasm.Suspending(host) : host,
  ])
  return { barbacane: Object.fromEntries(barbacane), [WASI_MODULE]: wasi(guest) }
}
