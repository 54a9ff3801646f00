import type { CallState } from '../call-state.ts'
import type { GuestMemory } from '../guest-memory.ts'
import { PluginFault } from '../plugin-fault.ts'
import type { PluginServices } from '../plugin-services.ts'
import type { WasmGlobal } from '../../../sandbox/index.ts'

/** What a host function costs at least, and for each 16 bytes that it moves, in units of fuel. */
const CALL_FUEL = 500

/** The instance that host functions serve: set once when it is made, its `call` before every call. */
export class Guest {
  memory!: GuestMemory
  fuel!: WasmGlobal
  call!: CallState
  readonly services: PluginServices
  /** The secrets that the configuration of this plugin refers to, by reference. */
  readonly secrets: ReadonlyMap<string, string>

  constructor(services: PluginServices, secrets: ReadonlyMap<string, string>) {
    this.services = services
    this.secrets = secrets
  }

  /**
   * Charges a host call like instructions, so that a plugin cannot spend time here that it does not have.
   *
   * @throws {PluginFault} where nothing is left
   */
  spend(bytes: number): void {
    const left = (this.fuel.value as number) - CALL_FUEL - (bytes >>> 4)
    this.fuel.value = Math.max(left, -1)
    if (left < 0) throw new PluginFault('out-of-fuel', 'it calls host functions without end')
  }

  text(pointer: number, length: number): string {
    this.memory.check(pointer, length)
    this.spend(length >>> 0)
    return this.memory.readText(pointer, length)
  }

  bytes(pointer: number, length: number): Buffer {
    this.memory.check(pointer, length)
    this.spend(length >>> 0)
    return this.memory.readBytes(pointer, length)
  }

  json(pointer: number, length: number): unknown {
    try {
      return JSON.parse(this.text(pointer, length))
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      return undefined
    }
  }

  /** Copies as much of a result as the buffer takes, and says how much that was. */
  deliver(bytes: Buffer | undefined | null, pointer: number, capacity: number): number {
    if (bytes === undefined || bytes === null) return 0
    const part = bytes.subarray(0, capacity >>> 0)
    this.memory.check(pointer, part.byteLength)
    this.spend(part.byteLength)
    this.memory.write(pointer, part)
    return part.byteLength
  }
}

export type HostFunctions = Readonly<Record<string, (...values: never[]) => unknown>>
