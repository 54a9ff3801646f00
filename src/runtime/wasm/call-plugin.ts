import type { CallState } from './call-state.ts'
import type { EntryPoint, InstanceChanges, PluginInstance } from './plugin-instance.ts'
import type { PluginPool } from './plugin-pool.ts'

/** The state of a plugin between the request and its response. */
export type KeptState = { readonly changes: InstanceChanges } | { readonly instance: PluginInstance }

export interface PluginCall {
  readonly entry: EntryPoint
  readonly json: string
  readonly state: CallState
  /** What an earlier call for the same request has kept. */
  readonly from?: KeptState | undefined
  /** A later call for the same request goes on where this one ends. */
  readonly keeps?: boolean
}

export interface CallEnd {
  readonly code: number
  readonly kept: KeptState | undefined
}

/**
 * Calls a function of a plugin on an instance of its own. `done` comes at once where the plugin waits for nobody.
 * `failed` gets a PluginFault, or whatever a service of the host threw.
 */
export function callPlugin(
  pool: PluginPool,
  call: PluginCall,
  done: (end: CallEnd) => void,
  failed: (error: Error) => void,
): void {
  let instance: PluginInstance | undefined
  let code: number | Promise<number>
  try {
    instance = instanceFor(pool, call.from)
    code = instance.call(call.entry, call.json, call.state)
  } catch (error) {
    if (instance !== undefined) pool.discard()
    return failed(error as Error)
  }
  const used = instance
  if (typeof code === 'number') return done({ code, kept: settle(pool, used, call) })
  void finishLater(code, {
    done: (value) => done({ code: value, kept: settle(pool, used, call) }),
    failed: (error) => {
      pool.discard()
      failed(error)
    },
  })
}

async function finishLater(
  code: Promise<number>,
  { done, failed }: { readonly done: (code: number) => void; readonly failed: (error: Error) => void },
): Promise<void> {
  let value: number
  try {
    value = await code
  } catch (error) {
    return failed(error as Error)
  }
  done(value)
}

/** Gives up what was kept for a call that will not come. */
export function dropKept(pool: PluginPool, kept: KeptState | undefined): void {
  if (kept !== undefined && 'instance' in kept) pool.discard()
}

function instanceFor(pool: PluginPool, from: KeptState | undefined): PluginInstance {
  if (from !== undefined && 'instance' in from) return from.instance
  const instance = pool.lease()
  if (from !== undefined) instance.apply(from.changes)
  return instance
}

function settle(pool: PluginPool, instance: PluginInstance, { keeps }: PluginCall): KeptState | undefined {
  if (keeps === true && !pool.isReusable) return { instance }
  const kept = keeps === true ? { changes: instance.changes() } : undefined
  pool.release(instance)
  return kept
}
