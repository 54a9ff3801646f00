import { capabilitiesFor } from './host-interface.ts'
import { ExportKind, readExports } from './read-exports.ts'
import { readFunctionTable, spellSignature } from './read-types.ts'
import { ModuleRefusal } from './refusal.ts'
import { SectionId, splitSections } from './sections.ts'
import { readMemoryPages } from './size-limits.ts'

/** What a module takes, gives and begins with. */
export interface ModuleDescription {
  readonly imports: readonly {
    readonly module: string
    readonly name: string
    /** As `(i32, i32) → i32`. */
    readonly signature: string
    /** Those of which one covers it; none for what every plugin may call, and for what no gateway offers. */
    readonly capabilities: readonly string[]
  }[]
  readonly exports: readonly {
    readonly name: string
    readonly kind: 'function' | 'table' | 'memory' | 'global' | 'other'
    /** Of a function. */
    readonly signature: string | null
  }[]
  /** Pages of 64 KiB; null where it has no memory of its own. */
  readonly memory: { readonly min_pages: number; readonly max_pages: number | null } | null
}

const KINDS = new Map(
  Object.entries(ExportKind).map(([name, kind]) => [kind as number, name as keyof typeof ExportKind]),
)

/** Describes a module without running it; undefined where it cannot be read. */
export function describeModule(bytes: Uint8Array): ModuleDescription | undefined {
  try {
    return describe(bytes)
  } catch (error) {
    if (!(error instanceof ModuleRefusal)) throw error
    return undefined
  }
}

function describe(bytes: Uint8Array): ModuleDescription {
  const sections = new Map(
    splitSections(bytes).flatMap(({ id, payload }) => (id === SectionId.custom ? [] : [[id, payload]])),
  )
  const { imported, defined } = readFunctionTable(sections)
  const signatureAt = (index: number) => imported[index]?.signature ?? defined[index - imported.length]
  return {
    imports: imported.map(({ module, name, signature }) => ({
      module,
      name,
      signature: spellSignature(signature),
      capabilities: module === 'barbacane' ? (capabilitiesFor(name) ?? []) : [],
    })),
    exports: readExports(sections).entries.map(({ name, kind, index }) => {
      const signature = kind === ExportKind.function ? signatureAt(index) : undefined
      return {
        name,
        kind: KINDS.get(kind) ?? 'other',
        signature: signature === undefined ? null : spellSignature(signature),
      }
    }),
    memory: readMemoryPages(sections.get(SectionId.memory)),
  }
}
