import { isObject } from '../../domain/index.ts'

/** Parses UTF-8 JSON whose top is an object; what is not gives the reason as text. */
export function parseJsonObject(bytes: Uint8Array): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return isObject(value) ? value : 'it is not a JSON object'
  } catch (error) {
    return `it is not JSON: ${(error as Error).message}`
  }
}
