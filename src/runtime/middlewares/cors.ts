import type { JsonObject } from '../../domain/index.ts'
import type { RawHeaders } from '../http/index.ts'
import type { BuiltMiddleware } from './middleware.ts'

/** Cross-origin requests and their preflights (WHATWG Fetch §3.2). */
export function createCors(config: JsonObject): BuiltMiddleware {
  const isAllowed = originTest(config['allowed_origins'] as readonly string[])
  const isAny = (config['allowed_origins'] as readonly string[]).includes('*')
  const withCredentials = config['allow_credentials'] === true
  const exposed = (config['expose_headers'] as readonly string[]).join(', ')
  const methods = (config['allowed_methods'] as readonly string[]).join(', ')
  const allowedHeaders = config['allowed_headers'] as readonly string[]
  const maxAge = `${config['max_age'] as number}`
  const credentials = withCredentials ? ['access-control-allow-credentials', 'true'] : []
  // An answer that is the same for every origin may be kept for every origin.
  const vary = isAny ? [] : ['vary', 'origin']
  const originFields = (origin: string): RawHeaders => [
    'access-control-allow-origin',
    isAny ? '*' : origin,
    ...credentials,
  ]
  return {
    preflight: (exchange) => {
      const { headers } = exchange.request
      const origin = headers.get('origin') ?? ''
      const preflightVary = [
        'vary',
        `${isAny ? '' : 'origin, '}access-control-request-method, access-control-request-headers`,
      ]
      if (!isAllowed(origin)) return exchange.send(204, preflightVary, null)
      const asked = headers.get('access-control-request-headers')
      const fields = allowedHeaders.includes('*') ? (asked ?? '') : allowedHeaders.join(', ')
      const answer = [
        ...originFields(origin),
        'access-control-allow-methods',
        methods,
        ...(fields === '' ? [] : ['access-control-allow-headers', fields]),
        'access-control-max-age',
        maxAge,
        ...preflightVary,
      ]
      exchange.send(204, answer, null)
    },
    handle: (next) => (exchange) => {
      const origin = exchange.request.headers.get('origin')
      const fields = origin !== undefined && isAllowed(origin) ? originFields(origin) : []
      exchange.onResponse((response, done) => {
        const { headers } = response
        // The service's own word would be a second value, which browsers refuse.
        for (const name of RESPONSE_FIELDS) headers.remove(name)
        for (let index = 0; index < fields.length; index += 2) {
          headers.set(fields[index] as string, fields[index + 1] as string)
        }
        if (fields.length > 0 && exposed !== '') headers.set('access-control-expose-headers', exposed)
        if (vary.length > 0) headers.append('vary', 'origin')
        done()
      })
      next(exchange)
    },
  }
}

const RESPONSE_FIELDS = [
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-expose-headers',
]

function originTest(origins: readonly string[]): (origin: string) => boolean {
  if (origins.includes('*')) return () => true
  const exact = new Set(
    origins.filter((origin) => !origin.includes('*')).map((origin) => origin.toLowerCase()),
  )
  const wild = origins
    .filter((origin) => origin.includes('*'))
    .map((origin) => origin.toLowerCase().split('*') as [before: string, after: string])
  return (origin) => {
    const text = origin.toLowerCase()
    if (exact.has(text)) return true
    return wild.some(([before, after]) => {
      if (!text.startsWith(before) || !text.endsWith(after)) return false
      return /^[a-z0-9-]+$/.test(text.slice(before.length, text.length - after.length))
    })
  }
}
