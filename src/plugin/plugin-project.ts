import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { ifFound, systemReason } from '../domain/index.ts'
import { ModuleRefusal, readPluginManifest, type PluginManifest } from '../sandbox/index.ts'
import { pluginProblems as problems } from './problems.ts'

const languages = ['assemblyscript', 'rust', 'c'] as const

export type Language = (typeof languages)[number]

/** The file by which a folder is known to be of a language. */
const MARKS: Readonly<Record<Language, string>> = {
  assemblyscript: 'assembly/index.ts',
  rust: 'Cargo.toml',
  c: 'src/plugin.c',
}

const NAME = /^[a-z][a-z0-9-]{0,63}$/

/** The folder in which a plugin is written. */
export interface PluginProject {
  /** Absolute path. */
  readonly root: string
  readonly name: string
  readonly manifest: PluginManifest
  /** The text of its plugin.toml. */
  readonly manifestBytes: Buffer
  /** The text of its config.schema.json, if it has one. */
  readonly schemaBytes: Buffer | undefined
}

/** Where `plugin build` puts the module, and `plugin test` looks for it. */
export function modulePathOf({ root, name }: PluginProject): string {
  return join(root, `${name}.wasm`)
}

/** @throws {ProblemError} BCN_PLUGIN_NAME */
export function checkPluginName(name: string): string {
  if (!NAME.test(name)) throw problems.BCN_PLUGIN_NAME({ name })
  return name
}

/** Reads what a plugin says of itself. @throws {ProblemError} BCN_PLUGIN_NO_PROJECT, BCN_PLUGIN_NAME */
export async function readPluginProject(root: string): Promise<PluginProject> {
  const manifestBytes = await readOwn(root, 'plugin.toml')
  if (manifestBytes === undefined)
    throw problems.BCN_PLUGIN_NO_PROJECT({ root, reason: 'it has no plugin.toml' })
  const manifest = parseManifest(root, manifestBytes)
  if (manifest.name === null) {
    throw problems.BCN_PLUGIN_NO_PROJECT({ root, reason: 'its plugin.toml has no `name` below [plugin]' })
  }
  const schemaBytes = await readOwn(root, 'config.schema.json')
  return { root, name: checkPluginName(manifest.name), manifest, manifestBytes, schemaBytes }
}

/** The language that the files of a plugin are of. @throws {ProblemError} BCN_PLUGIN_NO_PROJECT for none and for several */
export async function languageOf({ root }: PluginProject): Promise<Language> {
  const states = await Promise.all(languages.map((language) => ifFound(stat(join(root, MARKS[language])))))
  const [found, ...others] = languages.filter((_, index) => states[index] !== undefined)
  if (found !== undefined && others.length === 0) return found
  const marks = languages.map((language) => MARKS[language]).join(', ')
  const reason = found === undefined ? `it has none of ${marks}` : `it has more than one of ${marks}`
  throw problems.BCN_PLUGIN_NO_PROJECT({ root, reason })
}

async function readOwn(root: string, file: string): Promise<Buffer | undefined> {
  try {
    return await ifFound(readFile(join(root, file)))
  } catch (error) {
    const reason = `${file}: ${systemReason(error)}`
    throw problems.BCN_PLUGIN_NO_PROJECT({ root, reason }, { cause: error })
  }
}

function parseManifest(root: string, bytes: Buffer): PluginManifest {
  try {
    return readPluginManifest(bytes.toString('utf8'))
  } catch (error) {
    if (!(error instanceof ModuleRefusal)) throw error
    throw problems.BCN_PLUGIN_NO_PROJECT({ root, reason: error.message }, { cause: error })
  }
}
