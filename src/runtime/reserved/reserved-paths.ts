import type { Artifact } from '../../artifact/index.ts'
import { ARTIFACT_VERSION, type JsonValue } from '../../domain/index.ts'
import type { Exchange, Handler } from '../pipeline/index.ts'
import type { Logger } from '../telemetry/index.ts'
import { publishSpecs, type PublishedSpecs, type SpecFormat } from './published-specs.ts'

const SPECS = '/__barbacane/specs'

/** What a health endpoint says of an artifact. */
export function healthOf({ manifest }: Artifact) {
  return {
    status: 'healthy',
    artifact_version: ARTIFACT_VERSION,
    compiler_version: manifest.compiler.version,
    routes_count: manifest.routes_count,
  }
}

/** Answers below `/__barbacane` on the public listener: health and the published descriptions, nothing else. */
export function reservedPaths(artifact: Artifact, log: Logger): Handler {
  const specs = publishSpecs(artifact)
  const health = jsonBytes(healthOf(artifact))
  const index = jsonBytes({ openapi: listing(specs, 'openapi'), asyncapi: listing(specs, 'asyncapi') })
  return (exchange) => {
    const { path, method } = exchange.request
    const fixed = path === '/__barbacane/health' ? health : path === SPECS ? index : undefined
    const document = path.startsWith(`${SPECS}/`)
      ? decodeURIComponent(path.slice(SPECS.length + 1))
      : undefined
    if (fixed === undefined && document === undefined) return exchange.problem('not-found')
    if (method !== 'GET' && method !== 'HEAD') {
      return exchange.problem('method-not-allowed', undefined, ['allow', 'GET, HEAD'])
    }
    if (fixed !== undefined) return exchange.send(200, ['content-type', 'application/json'], fixed)
    sendSpec(exchange, specs, document ?? '').catch((error: unknown) => {
      log.log('error', 'a description cannot be published', { path, reason: String(error) })
      exchange.problem('internal-error')
    })
  }
}

async function sendSpec(exchange: Exchange, specs: PublishedSpecs, path: string): Promise<void> {
  const format = formatOf(exchange.request.query)
  if (format === 'unknown') {
    return exchange.problem('bad-request', { detail: 'The format is json or yaml.' })
  }
  const spec = await specs.read(path, format)
  if (spec === undefined) return exchange.problem('not-found')
  exchange.send(200, ['content-type', spec.contentType], spec.body)
}

function formatOf(query: string): SpecFormat | 'unknown' | undefined {
  const format = new URLSearchParams(query).get('format') ?? undefined
  return format === undefined || format === 'json' || format === 'yaml' ? format : 'unknown'
}

function listing(specs: PublishedSpecs, type: 'openapi' | 'asyncapi') {
  const list = specs.list(type).map(({ name, url }) => ({ name, url }))
  return { specs: list, count: list.length }
}

function jsonBytes(value: JsonValue): Buffer {
  return Buffer.from(JSON.stringify(value))
}
