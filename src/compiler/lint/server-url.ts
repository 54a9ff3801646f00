import { isObject } from '../../domain/index.ts'

/** More combinations of variables than this are a mistake rather than a way to describe an API. */
const MAX_COMBINATIONS = 256
/** In characters. Values can name the variables behind them, so that each could double the URL. */
const MAX_URL_LENGTH = 4096

type Combinations = { readonly urls: readonly string[] } | { readonly fault: string }

/**
 * The URLs that a server object stands for (OpenAPI 3.1 §4.8.5): each variable with every value of its `enum`, else
 * with its default. A variable of the authority changes no path and counts with its default alone.
 */
export function expandServer(server: Readonly<Record<string, unknown>>): Combinations {
  const template = String(server['url'])
  if (template.length > MAX_URL_LENGTH) return TOO_LONG
  const variables = isObject(server['variables']) ? server['variables'] : {}
  const authority = /^(?:[^/?#]*:)?\/\/[^/?#]*/.exec(template)?.[0] ?? ''
  let urls: readonly string[] = [template]
  for (const [whole, name = ''] of template.matchAll(/\{([^{}]*)\}/g)) {
    const values = valuesOf(Object.hasOwn(variables, name) ? variables[name] : undefined)
    if (values === undefined) return { fault: `its variable ${whole} is not declared` }
    const changesPath = !authority.includes(whole) || values.some((value) => value.includes('/'))
    const chosen = changesPath ? values : values.slice(0, 1)
    if (urls.length * chosen.length > MAX_COMBINATIONS) {
      return { fault: `its variables have more than ${MAX_COMBINATIONS} combinations` }
    }
    const expanded = replaceVariable(urls, whole, chosen)
    if (expanded === undefined) return TOO_LONG
    urls = expanded
  }
  return { urls }
}

const TOO_LONG = { fault: `it is longer than ${MAX_URL_LENGTH} characters` }

/** Each URL with each of the values; undefined where one of them is too long. */
function replaceVariable(
  urls: readonly string[],
  whole: string,
  values: readonly string[],
): readonly string[] | undefined {
  if (values.some((value) => value.length > MAX_URL_LENGTH)) return undefined
  const expanded: string[] = []
  for (const url of urls) {
    for (const value of values) {
      const next = url.replaceAll(whole, () => value)
      if (next.length > MAX_URL_LENGTH) return undefined
      expanded.push(next)
    }
  }
  return expanded
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
