import type { ByteReader } from './byte-reader.ts'
import { ModuleRefusal } from './refusal.ts'
import { readCount, sectionReader, SectionId, type Sections } from './sections.ts'
import { readValueType } from './walk-function.ts'

/** A function type: a letter for each parameter, a colon, a letter for each result, as in `ii:i`. */
export type Signature = string

/** A function that a module takes from outside. */
export interface ImportedFunction {
  readonly module: string
  readonly name: string
  readonly signature: Signature
}

/** The functions of a module in the order of their indexes: imported ones, then those it defines. */
export interface FunctionTable {
  readonly imported: readonly ImportedFunction[]
  readonly defined: readonly Signature[]
}

const FUNCTION_TYPE = 0x60
const LETTERS: Readonly<Record<number, string>> = { 0x7f: 'i', 0x7e: 'I', 0x7d: 'f', 0x7c: 'F', 0x7b: 'v' }

/**
 * Reads which functions a module has.
 *
 * @throws {ModuleRefusal} also for imports of memories, tables and globals, through which instances could share state
 */
export function readFunctionTable(sections: Sections): FunctionTable {
  const types = readFunctionTypes(sectionReader(sections, SectionId.type))
  const signatureAt = (index: number) => {
    const signature = types[index]
    if (signature === undefined) throw new ModuleRefusal('a function of it has no type')
    return signature
  }
  const imports = sectionReader(sections, SectionId.import)
  const imported = Array.from({ length: readCount(imports) }, () => {
    const module = imports.name()
    const name = imports.name()
    if (imports.byte() !== 0x00) {
      throw new ModuleRefusal(`it imports ${module}.${name}, which is not a function`)
    }
    return { module, name, signature: signatureAt(imports.u32()) }
  })
  const functions = sectionReader(sections, SectionId.function)
  const defined = Array.from({ length: readCount(functions) }, () => signatureAt(functions.u32()))
  return { imported, defined }
}

/** How many parameters a signature has. */
export function parameterCountOf(signature: Signature): number {
  return signature.indexOf(':')
}

function readFunctionTypes(reader: ByteReader): readonly Signature[] {
  const letters = () => {
    let text = ''
    for (let count = reader.u32(); count > 0; count -= 1) text += LETTERS[readValueType(reader)] ?? 'r'
    return text
  }
  return Array.from({ length: readCount(reader) }, () => {
    if (reader.byte() !== FUNCTION_TYPE) throw new ModuleRefusal('it has types that are not of functions')
    return `${letters()}:${letters()}`
  })
}

const NAMES: Readonly<Record<string, string>> = {
  i: 'i32',
  I: 'i64',
  f: 'f32',
  F: 'f64',
  v: 'v128',
  r: 'ref',
}

/** A signature as people read it: `ii:i` as `(i32, i32) → i32`. */
export function spellSignature(signature: Signature): string {
  const [parameters, results] = signature
    .split(':')
    .map((part) => Array.from(part, (letter) => NAMES[letter]))
  return `(${parameters?.join(', ')}) → ${results?.length === 0 ? 'nothing' : results?.join(', ')}`
}
