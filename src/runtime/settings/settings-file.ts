import { readFile } from 'node:fs/promises'

import { closestName, systemReason } from '../../domain/index.ts'
import { runtimeProblems as problems } from '../problems.ts'
import { settingNames, settingTable, type SettingName } from './serve-settings.ts'

/** What a settings file says, and where. */
export type FileSettings = ReadonlyMap<
  SettingName,
  { readonly value: string | boolean; readonly origin: string }
>

const MAX_BYTES = 64 * 1024

/**
 * Reads a settings file: YAML, a mapping of the names of flags.
 *
 * @param name the path as the user wrote it, for messages
 * @throws {ProblemError} BCN_SERVE_CONFIG with the place, for what is no setting or not of its type.
 */
export async function readSettingsFile(path: string, name: string): Promise<FileSettings> {
  const text = await readText(path, name)
  // Loaded late: most gateways are set by flags.
  const { isMap, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { file: name, line, col }
  }
  const refuse = (offset: number, reason: string, hint?: string) =>
    problems.BCN_SERVE_CONFIG({ file: name, reason, hint }, { at: placeOf(offset) })
  const [syntax] = document.errors
  if (syntax !== undefined) throw refuse(syntax.pos[0], `it is not YAML: ${syntax.message}`)
  const settings = new Map<SettingName, { readonly value: string | boolean; readonly origin: string }>()
  if (document.contents === null) return settings
  if (!isMap(document.contents)) throw refuse(0, 'it is not a mapping of settings')
  for (const { key, value } of document.contents.items) {
    const offset = (isScalar(key) && key.range?.[0]) || 0
    const member = String(isScalar(key) ? key.value : key.toString())
    const setting = settingNames.find((one) => one === member)
    if (setting === undefined) {
      const meant = closestName(member, settingNames)
      throw refuse(offset, `\`${member}\` is no setting`, meant && `Did you mean \`${meant}\`?`)
    }
    const data: unknown = isScalar(value) ? value.value : isSeq(value) ? value.toJSON() : value
    const read = valueOf(setting, data)
    if (read === undefined) throw refuse(offset, `\`${member}\` ${expectationOf(setting)}`)
    const { line, col } = placeOf(offset)
    settings.set(setting, { value: read, origin: `${name}:${line}:${col}: ${setting}` })
  }
  return settings
}

function valueOf(setting: SettingName, data: unknown): string | boolean | undefined {
  if (settingTable[setting].kind === 'switch') return typeof data === 'boolean' ? data : undefined
  if (typeof data === 'string') return data
  if (typeof data === 'number') return String(data)
  if (setting !== 'trusted-proxies' || !Array.isArray(data)) return undefined
  return data.every((item) => typeof item === 'string') ? data.join(',') : undefined
}

function expectationOf(setting: SettingName): string {
  if (settingTable[setting].kind === 'switch') return 'is neither true nor false'
  return setting === 'trusted-proxies' ? 'is neither a text nor a list of texts' : 'is no text'
}

async function readText(path: string, name: string): Promise<string> {
  try {
    const bytes = await readFile(path)
    if (bytes.byteLength <= MAX_BYTES) return bytes.toString()
  } catch (error) {
    throw problems.BCN_SERVE_CONFIG({ file: name, reason: systemReason(error) }, { cause: error })
  }
  throw problems.BCN_SERVE_CONFIG({ file: name, reason: `it is larger than ${MAX_BYTES} bytes` })
}
