import { appendPointer, isObject } from '../../../domain/index.ts'
import { isOpenApi32 } from '../../document/index.ts'
import { appliedServers } from '../applied-servers.ts'
import type { Place } from '../place.ts'
import type { Report, Rule } from '../rule.ts'
import { expandServer, isPlainPath, pathOfUrl } from '../server-url.ts'

type Fault = Omit<Report, 'at'>

/** Of a URL in a message, in characters. */
const MAX_SHOWN = 200

export const serverUrl: Rule = {
  id: 'server-url',
  severity: 'error',
  summary: 'The paths of servers can stand in front of a path.',
  visit: {
    project: ({ routes, report }) => {
      // The servers of a root are those of nearly all of its operations.
      const seen = new Set<unknown>()
      for (const route of routes) {
        const applied = appliedServers(route)
        if (applied === undefined || seen.has(applied.servers)) continue
        seen.add(applied.servers)
        const isStrict = isOpenApi32(route.root)
        for (const [index, server] of applied.servers.entries()) {
          if (!isObject(server) || typeof server['url'] !== 'string') continue
          const at: Place = {
            document: applied.document,
            pointer: appendPointer(appendPointer(applied.pointer, index), 'url'),
          }
          for (const fault of faultsOf(server, server['url'], isStrict)) report({ at, ...fault })
        }
      }
    },
  },
}

function faultsOf(
  server: Readonly<Record<string, unknown>>,
  url: string,
  isStrict: boolean,
): readonly Fault[] {
  const expanded = expandServer(server)
  const ofPath: readonly Fault[] =
    'fault' in expanded
      ? [
          {
            message: `The server ${JSON.stringify(url.slice(0, MAX_SHOWN))} cannot be used: ${expanded.fault}`,
            hint: 'Declare each variable with its default and few values.',
          },
        ]
      : expanded.urls.flatMap(faultsOfUrl)
  // OpenAPI 3.2 §4.5.1; before, a query in the URL of a server had no meaning, and was not forbidden.
  if (!isStrict || !/[?#]/.test(url)) return ofPath
  const message = `The server ${JSON.stringify(url.slice(0, MAX_SHOWN))} has a query or a fragment, which no request inherits`
  return [...ofPath, { message, hint: 'End the URL with its path.' }]
}

function faultsOfUrl(url: string): readonly Fault[] {
  const path = pathOfUrl(url)
  if (path === undefined) {
    const message = `The server ${JSON.stringify(url)} is relative to where the description is, so its path counts as empty`
    return [{ severity: 'warning', message, hint: 'Begin the path with a slash.' }]
  }
  if (isPlainPath(path)) return []
  const message = `The path ${JSON.stringify(path)} of the server cannot stand in front of a path`
  return [{ message, hint: 'Leave out empty and dot segments, braces and spaces.' }]
}
