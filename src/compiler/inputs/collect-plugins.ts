import { realpath } from 'node:fs/promises'

import type { PluginSource, Project, RemotePlugin } from '../../config/index.ts'
import type { Finding, JsonSchema, PluginDescriptor } from '../../domain/index.ts'
import { readProjectFile } from '../document/index.ts'
import { ModuleRefusal } from '../../sandbox/index.ts'
import { inputFault, startOf } from './input-fault.ts'
import type { InputFile } from './input-file.ts'
import { embeddedSchema, readSchema, type PluginSchema } from './plugin-schema.ts'
import { readPlugin } from './read-plugin.ts'

/** Gives the bytes of a plugin that barbacane.yaml pins, verified against what it pins. */
export type FetchPlugin = (plugin: PluginSource, remote: RemotePlugin) => Promise<Uint8Array>

/** The plugins of a project, as far as they can be read. */
export interface CollectedPlugins {
  /** The modules, and the schemas that are files of their own. */
  readonly files: readonly InputFile[]
  readonly descriptors: readonly PluginDescriptor[]
  /** The schemas of the configurations, by plugin. */
  readonly schemas: ReadonlyMap<string, JsonSchema>
  readonly findings: readonly Finding[]
}

/** Reads the plugins of a project, fetches those that are not in it, and finds what is wrong with them. */
export async function collectPlugins(
  project: Project,
  fetchPlugin: FetchPlugin | undefined,
): Promise<CollectedPlugins> {
  const files: InputFile[] = []
  const descriptors: PluginDescriptor[] = []
  const findings: Finding[] = []
  const schemas = new Map<string, JsonSchema>()
  const root = await realpath(project.root)
  for (const plugin of project.plugins.values()) {
    const file = await openPlugin(plugin, root, fetchPlugin)
    if ('fault' in file) {
      const message = `The plugin ${plugin.path} is not read: ${file.reason}`
      findings.push(
        inputFault(plugin.at, message, 'Check the path; files are read from within the project only.'),
      )
      continue
    }
    const read = readPlugin(plugin, file.bytes)
    files.push({ kind: 'plugin', path: plugin.path, bytes: file.bytes })
    findings.push(...read.findings)
    if (read.descriptor === undefined) continue
    descriptors.push(read.descriptor)
    const schema = await pluginSchema(plugin, root, { module: file.bytes, files })
    if (schema === undefined) continue
    if ('fault' in schema) findings.push(schema.fault)
    else schemas.set(plugin.name, schema.schema)
  }
  return { files, descriptors, schemas, findings }
}

/**
 * Reads the schemas of the configurations of plugins, as far as they are in the project: a module that is fetched, or is
 * yet to be built, is a matter of compiling.
 */
export async function readPluginSchemas(
  project: Pick<Project, 'root' | 'plugins'>,
): Promise<Pick<CollectedPlugins, 'schemas' | 'findings'>> {
  const findings: Finding[] = []
  const schemas = new Map<string, JsonSchema>()
  const root = await realpath(project.root)
  for (const plugin of project.plugins.values()) {
    const schema =
      plugin.schema === undefined
        ? await embeddedInProject(plugin, root)
        : await pluginSchema(plugin, root, { module: new Uint8Array(), files: [] })
    if (schema === undefined) continue
    if ('fault' in schema) findings.push(schema.fault)
    else schemas.set(plugin.name, schema.schema)
  }
  return { schemas, findings }
}

async function embeddedInProject(
  { name, path, remote, at }: PluginSource,
  root: string,
): Promise<PluginSchema> {
  if (remote !== undefined) return undefined
  const file = await readProjectFile(root, path)
  if ('fault' in file) return undefined
  try {
    return embeddedSchema(name, at, file.bytes)
  } catch (error) {
    if (error instanceof ModuleRefusal) return undefined
    throw error
  }
}

/** The schema that barbacane.yaml names, which becomes an input, else the one in the module. */
async function pluginSchema(
  { name, schema: path, at }: PluginSource,
  root: string,
  { module, files }: { readonly module: Uint8Array; readonly files: InputFile[] },
): Promise<PluginSchema> {
  if (path === undefined) return embeddedSchema(name, at, module)
  const file = await readProjectFile(root, path)
  if ('fault' in file) {
    const message = `The schema ${path} of the plugin \`${name}\` is not read: ${file.reason}`
    return { fault: inputFault(at, message, 'Check the path; files are read from within the project only.') }
  }
  files.push({ kind: 'schema', path, bytes: file.bytes })
  return readSchema(path, startOf(path), file.bytes)
}

async function openPlugin(plugin: PluginSource, root: string, fetchPlugin: FetchPlugin | undefined) {
  if (plugin.remote === undefined) return readProjectFile(root, plugin.path)
  if (fetchPlugin === undefined) throw new TypeError('A plugin is to be fetched, and nothing can')
  return { bytes: await fetchPlugin(plugin, plugin.remote) }
}
