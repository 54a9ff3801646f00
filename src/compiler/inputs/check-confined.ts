import type { Finding, Location } from '../../domain/index.ts'
import { confinePlugin, ModuleRefusal } from '../../sandbox/index.ts'

/** What a gateway gives a plugin unless it is started with more: 16 MiB of memory. */
const LIMITS = { maxPages: 256, startFuel: 0 }

/** Finds modules that no gateway runs (rule `plugin-module`), by doing what a gateway does when it loads one. */
export function checkConfined(name: string, at: Location, bytes: Uint8Array): readonly Finding[] {
  try {
    confinePlugin(bytes, LIMITS)
    return []
  } catch (error) {
    if (!(error instanceof ModuleRefusal)) throw error
    return [moduleFault(name, at, error)]
  }
}

/** A finding of the rule `plugin-module`. */
export function moduleFault(name: string, at: Location, { message: reason }: ModuleRefusal): Finding {
  const hint =
    'Build it for wasm32 with one memory that it exports, and without threads, exceptions or garbage collection.'
  return {
    rule: 'plugin-module',
    severity: 'error',
    message: `The plugin \`${name}\` cannot be run: ${reason}`,
    hint,
    at,
  }
}
