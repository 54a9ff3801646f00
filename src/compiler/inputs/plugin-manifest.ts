/** What a plugin says of itself. */
export interface PluginManifest {
  readonly version: string | null
  readonly type: 'middleware' | 'dispatcher' | null
  readonly license: string | null
  /** The capabilities that it declares. */
  readonly hostFunctions: readonly string[]
}

/**
 * Reads `version`, `type` and `license` of the table `plugin` and `host_functions` of the table `capabilities` from the TOML (1.0)
 * that plugins carry. Only keys with one string on their line are read, and lists of strings, which is how these are
 * written; anything else counts as not given.
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
    hostFunctions: readHostFunctions(text),
    version: values.get('version') ?? null,
    license: values.get('license') ?? null,
    type: type === 'middleware' || type === 'dispatcher' ? type : null,
  }
}

function readHostFunctions(text: string): readonly string[] {
  const table = /^\s*\[\s*capabilities\s*\][^\n]*\n((?:(?!\s*\[)[^\n]*(?:\n|$))*)/m.exec(text)?.[1] ?? ''
  const list = /^\s*host_functions\s*=\s*\[([^\]]*)\]/m.exec(table)?.[1] ?? ''
  const uncommented = list.replaceAll(/#.*$/gm, '')
  return [...uncommented.matchAll(/"([^"\\]*)"|'([^']*)'/g)].map(
    ([, basic, literal]) => basic ?? literal ?? '',
  )
}
