import type { Exchange } from '../../pipeline/exchange.ts'
import { decodePercent } from '../../validate/index.ts'
import { queryPairs } from '../../middlewares/query.ts'

/** Puts what a request says into a text. */
export type FillText = (exchange: Exchange) => string

/** Writes a value so that it cannot end the place where it stands. */
export type Escape = (value: string) => string

type Read = (exchange: Exchange) => string

const PLACEHOLDER = /\{\{\s*(request|headers|path_params|query_params|body)\.([^{}\s]+)\s*\}\}/

/**
 * Prepares a text with placeholders: `{{request.method}}`, `{{request.path}}`, `{{request.query}}`, `{{request.client_ip}}`,
 * `{{headers.NAME}}`, `{{path_params.NAME}}`, `{{query_params.NAME}}`, `{{body.MEMBER.MEMBER}}`. What a request does not
 * have is empty. Undefined where there are none.
 *
 * @throws {RangeError} for one that no request can have.
 */
export function fillText(
  text: string,
  captureNames: readonly string[],
  escape: Escape,
): FillText | undefined {
  const pieces = text.split(new RegExp(PLACEHOLDER, 'g'))
  if (pieces.length === 1) return undefined
  const parts: (string | Read)[] = []
  for (let index = 0; index < pieces.length; index += 3) {
    parts.push(pieces[index] as string)
    const [area, name] = [pieces[index + 1], pieces[index + 2]]
    if (area !== undefined && name !== undefined) parts.push(reading(area, name, captureNames))
  }
  return (exchange) => {
    let filled = ''
    for (const part of parts) filled += typeof part === 'string' ? part : escape(part(exchange))
    return filled
  }
}

function reading(area: string, name: string, captureNames: readonly string[]): Read {
  if (area === 'headers') return ({ request }) => request.headers.get(name.toLowerCase()) ?? ''
  if (area === 'query_params') {
    return ({ request }) => queryPairs(request.query).find((pair) => pair.name === name)?.value ?? ''
  }
  if (area === 'path_params') {
    const capture = captureNames.indexOf(name)
    if (capture === -1) throw new RangeError(`{{path_params.${name}}} is no parameter of the path`)
    return ({ captures }) => decodePercent(captures[capture] as string)
  }
  if (area === 'body') return bodyReading(name.split('.'))
  const read = requestReadings[name]
  if (read === undefined) throw new RangeError(`{{request.${name}}} is nothing that a request has`)
  return read
}

const requestReadings: Readonly<Record<string, Read | undefined>> = {
  method: ({ request }) => request.method,
  path: ({ request }) => request.path,
  query: ({ request }) => request.query,
  client_ip: ({ clientAddress }) => clientAddress,
}

/** A member of a JSON body; objects and lists are written as JSON. */
function bodyReading(names: readonly string[]): Read {
  return ({ body }) => {
    let value: unknown = body === null ? undefined : parsed(body)
    for (const name of names) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return ''
      value = (value as Readonly<Record<string, unknown>>)[name]
    }
    if (value === undefined) return ''
    return typeof value === 'string' ? value : JSON.stringify(value)
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown
  } catch (error) {
    // What is no JSON has no members.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** How values are written into bodies of a media type. */
export function escapeFor(contentType: string): Escape {
  const type = contentType.toLowerCase()
  if (/[/+]json\b/.test(type)) return (value) => JSON.stringify(value).slice(1, -1)
  if (/[/+](?:html|xml|xhtml)/.test(type)) return escapeMarkup
  if (type.startsWith('application/x-www-form-urlencoded')) return encodeURIComponent
  return (value) => value
}

function escapeMarkup(value: string): string {
  return value.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** What would end a header field, or cannot stand in one, is left out. */
export function escapeField(value: string): string {
  return value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')
}
