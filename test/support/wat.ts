import binaryen from 'binaryen'

/** Assembles the text format of WebAssembly; every feature is on, so that refusals can be shown. */
export function assemble(text: string): Uint8Array {
  const module = binaryen.parseText(text)
  try {
    module.setFeatures(binaryen.Features.All)
    return module.emitBinary()
  } finally {
    module.dispose()
  }
}
