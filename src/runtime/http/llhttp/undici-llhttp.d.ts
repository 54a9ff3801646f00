/** llhttp as `undici` carries it: the parser of Node.js, built for WebAssembly. */
declare module 'undici/lib/llhttp/llhttp_simd-wasm.js' {
  const bytes: Buffer
  export default bytes
}
