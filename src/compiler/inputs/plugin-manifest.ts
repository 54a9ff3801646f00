/** What a plugin says of itself. */
export interface PluginManifest {
  readonly version: string | null
  readonly type: 'middleware' | 'dispatcher' | null
}

/**
 * Reads `version` and `type` of the table `plugin` from the TOML (1.0) that plugins carry. Only keys with one string
 * on their line are read, which is how these two are written; anything else counts as not given.
 */
export function readPluginManifest(text: string): PluginManifest {
  const values = new Map<string, string>()
  let table = ''
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[\s*([\w.-]+)\s*\]\s*(?:#.*)?$/.exec(line)?.[1]
    if (header !== undefined) table = header
    else if (/^\s*\[/.test(line)) table = ''
    const [, key, basic, literal] =
      /^\s*([\w-]+)\s*=\s*(?:"([^"\\]*)"|'([^']*)')\s*(?:#.*)?$/.exec(line) ?? []
    if (table === 'plugin' && key !== undefined) values.set(key, basic ?? literal ?? '')
  }
  const type = values.get('type')
  return {
    version: values.get('version') ?? null,
    type: type === 'middleware' || type === 'dispatcher' ? type : null,
  }
}
