/** Why a call of a plugin gave no result; the request that it was for is answered with 500. */
export type PluginFaultKind = 'trap' | 'out-of-fuel' | 'memory' | 'stack' | 'output' | 'host-call' | 'refused'

/** A plugin misbehaved. Its instance is not used again; other requests do not notice. */
export class PluginFault extends Error {
  readonly kind: PluginFaultKind

  constructor(kind: PluginFaultKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'PluginFault'
    this.kind = kind
  }
}
