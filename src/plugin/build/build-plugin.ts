import { writeFileAtomic } from '../../artifact/index.ts'
import { sha256Hex } from '../../domain/index.ts'
import {
  CONFIG_SCHEMA_SECTION,
  MANIFEST_SECTION,
  ModuleRefusal,
  withCustomSections,
} from '../../sandbox/index.ts'
import { checkModule } from '../check-module.ts'
import { languageOf, type Language, type PluginProject } from '../plugin-project.ts'
import { pluginProblems as problems } from '../problems.ts'
import { assemblyscript } from './assemblyscript.ts'
import { c } from './c.ts'
import { runToolchain } from './run-toolchain.ts'
import { rust } from './rust.ts'
import type { BuildHost, Toolchain } from './toolchain.ts'

const TOOLCHAINS: Readonly<Record<Language, Toolchain>> = { assemblyscript, c, rust }

export interface BuiltPlugin {
  readonly language: Language
  /** Lower-case hex. */
  readonly sha256: string
  readonly sizeBytes: number
}

/**
 * Builds a plugin with the toolchain of its language, puts its plugin.toml and the schema of its configuration into the
 * module, and writes it where `compile` and a gateway would take it. The same sources and toolchain give the same bytes.
 *
 * @throws {ProblemError} BCN_PLUGIN_NO_PROJECT, BCN_PLUGIN_TOOLCHAIN, BCN_PLUGIN_NOT_BUILT, BCN_PLUGIN_UNFIT
 */
export async function buildPlugin(
  project: PluginProject,
  output: string,
  host: BuildHost,
): Promise<BuiltPlugin> {
  const language = await languageOf(project)
  const module = await runToolchain(TOOLCHAINS[language], project, host)
  const sections = new Map<string, Uint8Array>([[MANIFEST_SECTION, project.manifestBytes]])
  if (project.schemaBytes !== undefined) sections.set(CONFIG_SCHEMA_SECTION, project.schemaBytes)
  const bytes = embed(module, sections, TOOLCHAINS[language])
  const { findings } = checkModule(project.name, output, bytes)
  if (findings.length > 0) throw problems.BCN_PLUGIN_UNFIT({ name: project.name }, { findings })
  await writeFileAtomic(output, bytes, host.signal)
  return { language, sha256: sha256Hex(bytes), sizeBytes: bytes.byteLength }
}

function embed(module: Buffer, sections: ReadonlyMap<string, Uint8Array>, { title }: Toolchain): Buffer {
  try {
    return withCustomSections(module, sections)
  } catch (error) {
    if (!(error instanceof ModuleRefusal)) throw error
    const program = `The toolchain of ${title}`
    throw problems.BCN_PLUGIN_NOT_BUILT(
      { program, output: `of what it made: ${error.message}` },
      { cause: error },
    )
  }
}
