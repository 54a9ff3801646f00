import { Guest } from './host/guest.ts'
import type { OpenModule } from './open-module.ts'
import { PluginFault } from './plugin-fault.ts'
import { PluginInstance, type InstanceImage } from './plugin-instance.ts'
import type { PluginServices } from './plugin-services.ts'

export interface PluginSetup {
  /** The configuration, its secrets resolved. */
  readonly configJson: string
  readonly secrets: ReadonlyMap<string, string>
  readonly services: PluginServices
  /** An instance for each request, made for it and thrown away. */
  readonly fresh: boolean
}

/**
 * The instances of one plugin with one configuration. `init` runs once: what it left in memory and globals is the image
 * that every instance begins with, and is put back to after every request, so that no request can see another.
 */
export class PluginPool {
  readonly #open: OpenModule
  readonly #setup: PluginSetup
  readonly #image: InstanceImage | undefined
  readonly #idle: PluginInstance[] = []
  #leased = 0

  private constructor(open: OpenModule, setup: PluginSetup, first: PluginInstance) {
    this.#open = open
    this.#setup = setup
    this.#image = setup.fresh || !open.confined.isReusable ? undefined : first.takeImage()
    if (this.#image !== undefined) this.#idle.push(first)
  }

  /**
   * Makes the first instance and configures it.
   *
   * @throws {PluginFault} where the plugin refuses its configuration, or fails over it.
   */
  static start(open: OpenModule, setup: PluginSetup): PluginPool {
    return new PluginPool(open, setup, configured(open, setup))
  }

  /** Instances that are in use or wait to be. */
  get instanceCount(): number {
    return this.#idle.length + this.#leased
  }

  /** False where each request has an instance of its own. */
  get isReusable(): boolean {
    return this.#image !== undefined
  }

  has(entry: string): boolean {
    return this.#open.functions.has(entry)
  }

  /**
   * An instance as `init` left it, for one call.
   *
   * @throws {PluginFault} `refused` where too many wait already.
   */
  lease(): PluginInstance {
    if (this.#leased >= this.#open.limits.maxInstances) {
      throw new PluginFault('refused', `all of its ${this.#leased} instances wait for answers`)
    }
    const instance = this.#idle.pop() ?? this.#make()
    this.#leased += 1
    return instance
  }

  /** Takes an instance back after a call that did not fail. */
  release(instance: PluginInstance): void {
    this.#leased -= 1
    if (this.#image === undefined) return
    instance.restore(this.#image)
    this.#idle.push(instance)
  }

  /** Forgets an instance that failed. */
  discard(): void {
    this.#leased -= 1
  }

  #make(): PluginInstance {
    if (this.#image === undefined) return configured(this.#open, this.#setup)
    const instance = instantiate(this.#open, this.#setup)
    instance.load(this.#image)
    return instance
  }
}

function configured(open: OpenModule, setup: PluginSetup): PluginInstance {
  const instance = instantiate(open, setup)
  if (!open.functions.has('init')) return instance
  const code = instance.init(setup.configJson)
  if (code !== 0) throw new PluginFault('refused', `it does not accept its configuration (code ${code})`)
  return instance
}

function instantiate(open: OpenModule, { services, secrets }: PluginSetup): PluginInstance {
  return new PluginInstance(open, new Guest(services, secrets))
}
