import type { JsonValue } from './json.ts'
import type { JsonSchema } from './plan.ts'

/** What a WebAssembly plugin is, as `plugin inspect` shows it; null for what cannot be known of this module. */
export interface PluginInspection {
  readonly name: string | null
  readonly version: string | null
  readonly type: 'middleware' | 'dispatcher' | null
  readonly description: string | null
  readonly license: string | null
  /** Of the file, in lower-case hex. */
  readonly sha256: string
  readonly size_bytes: number
  /** Its size once a gateway has made it one that it can stop and undo. */
  readonly confined_bytes: number | null
  readonly memory: { readonly min_pages: number; readonly max_pages: number | null } | null
  /** `reused`, or `fresh` where each request gets an instance of its own. */
  readonly instances: 'reused' | 'fresh' | null
  readonly body_access: boolean
  /** What it declares. */
  readonly capabilities: readonly string[]
  readonly imports: readonly {
    readonly module: string
    readonly name: string
    readonly signature: string
    readonly capabilities: readonly string[]
  }[]
  readonly exports: readonly {
    readonly name: string
    readonly kind: string
    readonly signature: string | null
  }[]
  readonly config_schema: JsonSchema | null
  /** Whether `compile` takes it and a gateway runs it. */
  readonly loads: boolean
  /** Why not. */
  readonly reasons: readonly string[]
}

/** What became of one fixture of a plugin. */
export interface FixtureReport {
  /** As it was found, relative to the folder of the plugin where it is within. */
  readonly file: string
  readonly name: string
  /** `updated` where what became of it was written to it. */
  readonly outcome: 'passed' | 'failed' | 'updated'
  /** What is not as expected. */
  readonly differences: readonly {
    /** A JSON Pointer into `expect`. */
    readonly pointer: string
    readonly expected: JsonValue
    /** Left out where there is nothing. */
    readonly actual?: JsonValue
  }[]
  /** What the plugin wrote to the log. */
  readonly logs: readonly string[]
}
