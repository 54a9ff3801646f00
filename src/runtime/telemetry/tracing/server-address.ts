import type { Attributes } from '@opentelemetry/api'

/** More than a gateway has services; those that reloads have left behind must not stay for ever. */
const MAX_ORIGINS = 1000

/** The attributes that name a service, by its origin; made once for each (OpenTelemetry, semantic conventions for HTTP). */
export function createServerAddresses(): (origin: string) => Attributes {
  const known = new Map<string, Attributes>()
  return (origin) => {
    const found = known.get(origin)
    if (found !== undefined) return found
    if (known.size === MAX_ORIGINS) known.clear()
    const { hostname, port, protocol } = new URL(origin)
    const address = {
      'server.address': hostname,
      'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
      'url.scheme': protocol.slice(0, -1),
    }
    known.set(origin, address)
    return address
  }
}
