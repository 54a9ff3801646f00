import { sha256Hex, type Finding, type Location, type PluginDescriptor } from '../../domain/index.ts'
import { ModuleRefusal, readPluginManifest, type PluginManifest } from '../../sandbox/index.ts'
import { checkCapabilities } from './check-capabilities.ts'
import { checkConfined, moduleFault } from './check-confined.ts'
import { checkLfsPointer } from './check-text.ts'
import { inputFault } from './input-fault.ts'
import { readWasmModule, type WasmModule } from './wasm-module.ts'

const MAGIC = Buffer.from('\0asm')

/** A plugin as barbacane.yaml lists it. */
export interface PluginFile {
  readonly name: string
  readonly path: string
  readonly at: Location
}

/** Describes the bytes of a plugin; the descriptor is undefined where they are none. */
export function readPlugin(
  { name, path, at }: PluginFile,
  bytes: Uint8Array,
): { readonly descriptor: PluginDescriptor | undefined; readonly findings: readonly Finding[] } {
  const pointer = checkLfsPointer(path, bytes)
  if (pointer.length > 0) return { descriptor: undefined, findings: pointer }
  const module = openModule(bytes)
  if (typeof module === 'string') {
    const hint =
      'Build the plugin again; keep `*.wasm binary` in .gitattributes so that git does not change it.'
    const message = `The plugin \`${name}\` is no WebAssembly module: ${module}`
    return { descriptor: undefined, findings: [inputFault(at, message, hint)] }
  }
  const manifest = manifestOf(module)
  if (manifest instanceof ModuleRefusal) {
    return { descriptor: undefined, findings: [moduleFault(name, at, manifest)] }
  }
  const type = typeOf(module, manifest.type)
  const descriptor = {
    name,
    version: manifest.version,
    type,
    path,
    sha256: sha256Hex(bytes),
    license: manifest.license,
    capabilities: module.capabilities,
  }
  const capabilityFaults = checkCapabilities(name, at, { module, manifest })
  const findings = capabilityFaults.length > 0 ? capabilityFaults : checkConfined(name, at, bytes)
  if (type !== null) return { descriptor, findings }
  const message = `The plugin \`${name}\` exports neither \`on_request\` nor \`dispatch\``
  const hint = 'A middleware exports `on_request`, a dispatcher exports `dispatch`.'
  return { descriptor, findings: [...findings, { ...inputFault(at, message, hint), severity: 'warning' }] }
}

function manifestOf(module: WasmModule): PluginManifest | ModuleRefusal {
  try {
    return readPluginManifest(module.manifest ?? '')
  } catch (error) {
    if (error instanceof ModuleRefusal) return error
    throw error
  }
}

function openModule(bytes: Uint8Array): WasmModule | string {
  if (!MAGIC.equals(bytes.subarray(0, MAGIC.byteLength))) return 'it does not begin with \\0asm'
  try {
    return readWasmModule(bytes)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'CompileError') throw error
    return error.message.replace(/^WebAssembly\.Module\(\): /, '')
  }
}

/** What a module exports decides; its manifest does where it exports both. */
function typeOf({ functions }: WasmModule, declared: PluginDescriptor['type']): PluginDescriptor['type'] {
  const isMiddleware = functions.has('on_request')
  const isDispatcher = functions.has('dispatch')
  if (isMiddleware && isDispatcher) return declared
  return isMiddleware ? 'middleware' : isDispatcher ? 'dispatcher' : null
}
