import type { Builtin } from './builtin.ts'
import { isObject, type JsonObject, type JsonValue } from './json.ts'

/** The reference page of a built-in middleware or dispatcher, in Markdown, from its schema. */
export function builtinPage(builtin: Builtin): string {
  const { name, type, summary, notes = [], example, config } = builtin
  const kind =
    type === 'dispatcher'
      ? 'Dispatcher'
      : `Middleware; runs ${builtin.stage === 'access' ? 'before' : 'after'} the request is validated`
  const rows = isObject(config) ? optionRows(config, '') : []
  return [
    `# ${name}`,
    summary,
    `${kind}.`,
    ...notes,
    '## Configuration',
    rows.length === 0 ? 'None.' : ['| option | | type | default |', '|---|---|---|---|', ...rows].join('\n'),
    ...(example === undefined ? [] : ['## Example', exampleOf(builtin, example)]),
  ]
    .join('\n\n')
    .concat('\n')
}

function optionRows(schema: JsonObject, prefix: string): readonly string[] {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonObject>>
  const required = (schema['required'] ?? []) as readonly string[]
  return Object.entries(properties).flatMap(([key, property]) => {
    const path = `${prefix}${key}`
    const standard = required.includes(key) ? 'required' : defaultOf(property['default'])
    const secret = property['writeOnly'] === true ? ' A secret.' : ''
    const { description } = property
    const about = `${typeof description === 'string' ? description : ''}${secret}`.trim()
    const row = `| \`${path}\` | ${cell(about)} | ${cell(typeOf(property))} | ${standard} |`
    const items = property['items']
    const inner = isObject(items) ? { schema: items, prefix: `${path}[].` } : undefined
    const nested = inner ?? { schema: property, prefix: `${path}.` }
    return [row, ...optionRows(nested.schema, nested.prefix)]
  })
}

function defaultOf(value: JsonValue | undefined): string {
  if (value === undefined) return ''
  const shown = JSON.stringify(value)
  return value === '' ? 'empty' : `\`${shown.replaceAll('|', '\\|')}\``
}

function typeOf(schema: JsonObject): string {
  const { enum: values, type, items, anyOf } = schema
  if (Array.isArray(values)) return values.map((value) => `\`${String(value)}\``).join(', ')
  if (Array.isArray(anyOf)) return anyOf.map((one) => typeOf(one as JsonObject)).join(' or ')
  if (type === 'array') {
    return isObject(items) ? `list of ${typeOf(items)}` : 'list'
  }
  const { minimum, maximum, exclusiveMinimum } = schema
  const from =
    minimum === undefined
      ? exclusiveMinimum === undefined
        ? undefined
        : `above ${show(exclusiveMinimum)}`
      : `from ${show(minimum)}`
  const range = [from, maximum === undefined ? undefined : `to ${show(maximum)}`].filter(
    (part) => part !== undefined,
  )
  return [typeof type === 'string' ? type : 'any', ...range].join(' ')
}

function show(value: JsonValue): string {
  return JSON.stringify(value)
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function exampleOf({ name, type }: Builtin, example: JsonObject): string {
  const use = type === 'dispatcher' ? 'x-barbacane-dispatch:\n  ' : 'x-barbacane-middlewares:\n  - '
  const indent = type === 'dispatcher' ? '  ' : '    '
  const lines = yamlLines(example, `${indent}  `)
  return ['```yaml', `${use}name: ${name}`, `${indent}config:`, ...lines, '```'].join('\n')
}

/** Block style for objects, flow style within them. */
function yamlLines(value: JsonObject, indent: string): readonly string[] {
  return Object.entries(value).map(([key, member]) => `${indent}${key}: ${flow(member)}`)
}

function flow(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map((item: JsonValue) => flow(item)).join(', ')}]`
  if (isObject(value)) {
    const members = Object.entries(value).map(([key, member]) => `${quoted(key)}: ${flow(member)}`)
    return `{ ${members.join(', ')} }`
  }
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value)
}

/** Plain where YAML reads the same text back. */
function quoted(text: string): string {
  const isPlain =
    /^[A-Za-z/][A-Za-z0-9_./:-]*$/.test(text) &&
    !/^(true|false|null|yes|no|on|off)$/i.test(text) &&
    !text.endsWith(':')
  return isPlain ? text : `'${text.replaceAll("'", "''")}'`
}
