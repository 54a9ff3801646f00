import { isObject } from '../../domain/index.ts'

/** More combinations of variables than this are a mistake rather than a way to describe an API. */
const MAX_COMBINATIONS = 256

type Combinations = { readonly urls: readonly string[] } | { readonly fault: string }

/**
 * The URLs that a server object stands for (OpenAPI 3.1 §4.8.5): each variable with every value of its `enum`, else
 * with its default. A variable of the authority changes no path and counts with its default alone.
 */
export function expandServer(server: Readonly<Record<string, unknown>>): Combinations {
  const template = String(server['url'])
  const variables = isObject(server['variables']) ? server['variables'] : {}
  const authority = /^(?:[^/?#]*:)?\/\/[^/?#]*/.exec(template)?.[0] ?? ''
  let urls = [template]
  for (const [whole, name = ''] of template.matchAll(/\{([^{}]*)\}/g)) {
    const values = valuesOf(Object.hasOwn(variables, name) ? variables[name] : undefined)
    if (values === undefined) return { fault: `its variable ${whole} is not declared` }
    const changesPath = !authority.includes(whole) || values.some((value) => value.includes('/'))
    const chosen = changesPath ? values : values.slice(0, 1)
    if (urls.length * chosen.length > MAX_COMBINATIONS) {
      return { fault: `its variables have more than ${MAX_COMBINATIONS} combinations` }
    }
    urls = urls.flatMap((url) => chosen.map((value) => url.replaceAll(whole, () => value)))
  }
  return { urls }
}

/** The default first, then the other values of `enum`. */
function valuesOf(variable: unknown): readonly string[] | undefined {
  if (!isObject(variable) || typeof variable['default'] !== 'string') return undefined
  const listed: readonly unknown[] = Array.isArray(variable['enum']) ? variable['enum'] : []
  const values = listed.filter((value) => typeof value === 'string')
  return [...new Set([variable['default'], ...values])]
}

/** The path of a URL without a slash at its end; undefined where it is relative to a place that nobody knows. */
export function pathOfUrl(url: string): string | undefined {
  const path = url.replace(/^(?:[^/?#]*:)?\/\/[^/?#]*/, '').replace(/[?#].*$/s, '')
  return path === '' || path.startsWith('/') ? path.replace(/\/+$/, '') : undefined
}

/** True where every segment of a path can stand in a route. */
export function isPlainPath(path: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  return /^(?:\/[^/{}\u0000-\u0020\u007f]+)*$/.test(path) && !/\/\.\.?(?:\/|$)/.test(path)
}
