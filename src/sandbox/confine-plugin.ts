import { entrySignatures, hostSignature } from './host-interface.ts'
import { instrumentModule, type InstrumentedModule, type InstrumentLimits } from './instrument-module.ts'
import { ExportKind, type ExportEntry } from './read-exports.ts'
import { spellSignature, type FunctionTable } from './read-types.ts'
import { ModuleRefusal } from './refusal.ts'

/**
 * Makes of a plugin's module one that a gateway can run: checks that it fits Barbacane's plugin interface, and
 * instruments it.
 *
 * @throws {ModuleRefusal} saying what the module has that no gateway takes, or lacks that every gateway needs
 */
export function confinePlugin(bytes: Uint8Array, limits: InstrumentLimits): InstrumentedModule {
  const confined = instrumentModule(bytes, limits)
  checkImports(confined.functions)
  checkExports(confined.exports, confined.functions)
  return confined
}

function checkImports({ imported }: FunctionTable): void {
  for (const { module, name, signature } of imported) {
    const expected = hostSignature(module, name)
    if (expected === undefined)
      throw new ModuleRefusal(`it imports ${module}.${name}, which no gateway offers`)
    if (signature !== expected) {
      throw new ModuleRefusal(
        `it imports ${module}.${name} as ${spellSignature(signature)}, and it is ${spellSignature(expected)}`,
      )
    }
  }
}

function checkExports(exports: readonly ExportEntry[], { imported, defined }: FunctionTable): void {
  const memory = exports.find(({ name }) => name === 'memory')
  if (memory?.kind !== ExportKind.memory) throw new ModuleRefusal('it does not export its memory as `memory`')
  for (const [name, expected] of Object.entries(entrySignatures)) {
    const found = exports.find((entry) => entry.name === name)
    if (found === undefined) continue
    const signature =
      found.kind === ExportKind.function
        ? (imported[found.index]?.signature ?? defined[found.index - imported.length])
        : undefined
    if (signature === expected) continue
    const actual = signature === undefined ? 'what is no function' : spellSignature(signature)
    throw new ModuleRefusal(`it exports ${name} as ${actual}, and it has to be ${spellSignature(expected)}`)
  }
}
