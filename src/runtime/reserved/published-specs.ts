import type { Artifact } from '../../artifact/index.ts'
import { entryPathOf, isObject, type SourceSpec } from '../../domain/index.ts'

export type SpecFormat = 'json' | 'yaml'

interface PublishedSpec {
  readonly contentType: string
  readonly body: Buffer
}

/** The descriptions of an artifact as clients may see them: every `x-barbacane-*` member left out. */
export interface PublishedSpecs {
  readonly list: (type: SourceSpec['type']) => readonly { readonly name: string; readonly url: string }[]
  /** A document by its path, in its own format unless another is asked for; undefined where there is none. */
  readonly read: (path: string, format: SpecFormat | undefined) => Promise<PublishedSpec | undefined>
}

export function publishSpecs(artifact: Artifact): PublishedSpecs {
  const { inputs, source_specs: roots } = artifact.manifest
  const paths = new Set(inputs.filter(({ kind }) => kind === 'spec').map(({ path }) => path))
  // A document is read at its first request and kept: there are as many results as documents, twice.
  const published = new Map<string, Promise<PublishedSpec>>()
  return {
    list: (type) =>
      roots
        .filter((spec) => spec.type === type)
        .map(({ path }) => ({ name: path, url: `/__barbacane/specs/${encodeURI(path)}` })),
    read: async (path, format = path.endsWith('.json') ? 'json' : 'yaml') => {
      if (!paths.has(path)) return undefined
      const key = `${format} ${path}`
      const result = published.get(key) ?? publish(artifact, path, format)
      published.set(key, result)
      return result
    },
  }
}

async function publish(artifact: Artifact, path: string, format: SpecFormat): Promise<PublishedSpec> {
  const text = String(artifact.entries.get(entryPathOf({ kind: 'spec', path })))
  const { parse, stringify } = await import('yaml')
  const document = withoutGatewayMembers(path.endsWith('.json') ? JSON.parse(text) : parse(text))
  return format === 'json'
    ? { contentType: 'application/json', body: Buffer.from(JSON.stringify(document, undefined, 2)) }
    : {
        contentType: 'application/yaml',
        body: Buffer.from(stringify(document, { aliasDuplicateObjects: false })),
      }
}

function withoutGatewayMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutGatewayMembers)
  if (!isObject(value)) return value
  const kept = Object.entries(value).filter(([name]) => !name.startsWith('x-barbacane-'))
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutGatewayMembers(member)]))
}
