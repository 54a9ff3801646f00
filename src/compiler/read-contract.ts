import { loadPlan, type Artifact } from '../artifact/index.ts'
import { readOverlayPaths } from '../config/index.ts'
import {
  entryPathOf,
  isObject,
  remoteDocumentPath,
  type ApiContract,
  type JsonSchema,
  type Route,
  type RouteContract,
  type SecurityAlternative,
  type SecurityAlternatives,
} from '../domain/index.ts'
import { lowerAsyncapi } from './asyncapi/index.ts'
import { loadDocuments, type DocumentSet, type OpenRemote } from './document/index.ts'
import { collectRoutes, effectiveSecurity, schemeOf, type RouteNode } from './lint/index.ts'
import { planResponses } from './plan/index.ts'
import { createSchemaTable, dialectOf } from './schema/index.ts'

/**
 * What the descriptions in an artifact require of the requests of its routes, and say of their answers. Nothing but the
 * artifact is read.
 *
 * @throws {ProblemError} BCN_ARTIFACT_PLAN
 */
export async function readContract(artifact: Artifact): Promise<ApiContract> {
  const { set } = lowerAsyncapi((await loadFromArtifact(artifact)).set)
  const nodes = Map.groupBy(collectRoutes(set, set.roots), ({ root, method }) => `${method} ${root.path}`)
  const table = createSchemaTable(set)
  const routes = loadPlan(artifact).routes.map((route): [string, RouteContract] => {
    const node = nodeOf(route, nodes.get(`${route.method} ${route.spec}`) ?? [])
    const name = `${route.method} ${route.path}`
    if (node === undefined) return [name, { security: NOTHING, responses: [] }]
    const context = { set, table, dialect: dialectOf(node.root, '2020-12') }
    return [name, { security: alternativesOf(node, set), responses: planResponses(node, context) }]
  })
  return { routes: new Map(routes), schemas: table.texts().map((text) => JSON.parse(text) as JsonSchema) }
}

const NOTHING: SecurityAlternatives = [new Map()]

function loadFromArtifact({ manifest, entries }: Artifact) {
  const inputs = manifest.inputs.filter(
    ({ kind }) => kind === 'config' || kind === 'spec' || kind === 'schema',
  )
  const contents = new Map(
    inputs.flatMap((input): [string, Uint8Array][] => {
      const bytes = entries.get(entryPathOf(input))
      return bytes === undefined ? [] : [[input.path, bytes]]
    }),
  )
  const openRemote: OpenRemote = async (url) => {
    const bytes = contents.get(remoteDocumentPath(url))
    return bytes === undefined ? { refused: 'the artifact does not have it', hint: '' } : { bytes }
  }
  const overlays = inputs
    .filter(({ kind }) => kind === 'config')
    .flatMap(({ path }) => readOverlayPaths(contents.get(path) ?? new Uint8Array()))
  const specs = manifest.source_specs.map(({ path }) => path)
  return loadDocuments(specs, { root: undefined, contents, overlays, openRemote })
}

/** The base path of a server stands in front of the template; the longest that fits is meant. */
function nodeOf({ path }: Route, nodes: readonly RouteNode[]): RouteNode | undefined {
  const exact = nodes.find(({ fullPath }) => fullPath === path)
  const fitting = nodes.filter(({ template }) => path.endsWith(template))
  return exact ?? fitting.toSorted((a, b) => b.template.length - a.template.length)[0]
}

function alternativesOf(route: RouteNode, set: DocumentSet): SecurityAlternatives {
  const { alternatives = [] } = effectiveSecurity(route) ?? {}
  if (alternatives.length === 0) return NOTHING
  return alternatives.map((schemes): SecurityAlternative => {
    return new Map(
      schemes.map((named) => [
        describe(named.name, schemeOf(set, route.root, named)?.value),
        named.scopes.map(String),
      ]),
    )
  })
}

/** What a client has to present; the name of a scheme is a matter of the description alone. */
function describe(name: string, scheme: Readonly<Record<string, unknown>> | undefined): string {
  if (!isObject(scheme)) return name
  const { type } = scheme
  const parts: readonly unknown[] =
    type === 'http'
      ? [type, String(scheme['scheme']).toLowerCase()]
      : type === 'apiKey' || type === 'httpApiKey'
        ? [type, scheme['in'], scheme['name']]
        : type === 'openIdConnect'
          ? [type, scheme['openIdConnectUrl']]
          : [type]
  return parts.map(String).join(' ')
}
