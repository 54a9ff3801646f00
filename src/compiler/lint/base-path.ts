import { isObject } from '../../domain/index.ts'

/**
 * The path of the first server that applies to an operation (its own, else the path item's, else the document's),
 * variables replaced by their defaults and without a trailing slash.
 */
export function basePathOf(root: unknown, pathItem: unknown, operation: unknown): string {
  const server = firstServer(operation) ?? firstServer(pathItem) ?? firstServer(root)
  if (server === undefined || typeof server['url'] !== 'string') return ''
  const variables = isObject(server['variables']) ? server['variables'] : {}
  const url = server['url'].replaceAll(/\{([^{}]*)\}/g, (whole, name: string) => {
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined
    return isObject(variable) && typeof variable['default'] === 'string' ? variable['default'] : whole
  })
  const path = url.replace(/^(?:[a-z][a-z\d+.-]*:)?\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  return path.startsWith('/') ? path.replace(/\/+$/, '') : ''
}

function firstServer(owner: unknown): Readonly<Record<string, unknown>> | undefined {
  const servers: unknown = isObject(owner) ? owner['servers'] : undefined
  const first: unknown = Array.isArray(servers) ? servers[0] : undefined
  return isObject(first) ? first : undefined
}
