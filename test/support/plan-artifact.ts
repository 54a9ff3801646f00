import { encodeArtifact } from '../../src/artifact/index.ts'
import {
  canonicalJson,
  describeInput,
  entryPathOf,
  fingerprint,
  OPTIONS_PATH,
  PLAN_ENTRY,
  PLAN_VERSION,
  type InputKind,
  type JsonSchema,
  type JsonValue,
  type Parameter,
  type RequestBody,
  type Route,
} from '../../src/domain/index.ts'

export interface PlanArtifact {
  readonly routes: readonly Route[]
  readonly schemas?: readonly JsonSchema[]
  readonly allowPlaintext?: boolean
  /** Root descriptions by path. */
  readonly specs?: Readonly<Record<string, string>>
  /** Modules by the name of the plugin. */
  readonly plugins?: Readonly<Record<string, Uint8Array>>
}

/** The bytes of an artifact around a plan that a test wrote by hand. */
export function planArtifact({
  routes,
  schemas = [],
  allowPlaintext = false,
  specs = {},
  plugins = {},
}: PlanArtifact): Buffer {
  const files: [InputKind, string, string | Uint8Array][] = [
    ['config', 'barbacane.yaml', 'version: 1\n'],
    ['option', OPTIONS_PATH, canonicalJson({ allow_plaintext: allowPlaintext })],
    ...Object.entries(specs).map(([path, text]) => ['spec', path, text] as [InputKind, string, string]),
    ...Object.entries(plugins).map(
      ([name, module]) => ['plugin', `${name}.wasm`, module] as [InputKind, string, Uint8Array],
    ),
  ]
  const described = files.map(([kind, path, text]) => ({
    bytes: Buffer.from(text),
    input: describeInput(kind, path, Buffer.from(text)),
  }))
  const inputs = described
    .map(({ input }) => input)
    .toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
  const plan = { plan_version: PLAN_VERSION, schemas, routes } as unknown as JsonValue
  return encodeArtifact({
    manifest: {
      artifact_hash: fingerprint(inputs),
      build_timestamp: '2026-01-02T03:04:05Z',
      compiler: { name: 'test', version: '1.2.3' },
      provenance: { commit: null, source: null, dirty: null },
      inputs,
      source_specs: inputs
        .filter(({ kind }) => kind === 'spec')
        .map(({ path, sha256 }) => ({
          path,
          type: 'openapi' as const,
          version: '3.1.0',
          title: path,
          sha256,
        })),
      plugins: inputs
        .filter(({ kind }) => kind === 'plugin')
        .map(({ path, sha256 }) => ({
          name: path.replace('.wasm', ''),
          version: null,
          type: null,
          path,
          sha256,
          license: null,
          capabilities: [],
        })),
      routes_count: routes.length,
    },
    entries: new Map<string, Uint8Array>([
      [PLAN_ENTRY, Buffer.from(canonicalJson(plan))],
      ...described.map(({ input, bytes }) => [entryPathOf(input), bytes] as [string, Uint8Array]),
    ]),
  })
}

/** A route with a mock answer, unless said otherwise. */
export function route(method: string, path: string, members: Partial<Route> = {}): Route {
  return {
    path,
    method,
    operation_id: null,
    spec: 'specs/api.yaml',
    deprecated: false,
    sunset: null,
    parameters: [],
    body: null,
    middlewares: [],
    dispatch: { name: 'mock', config: { body: { ok: true } } },
    ...members,
  }
}

/** A parameter with the defaults that OpenAPI fills in. */
export function parameter(
  name: string,
  location: Parameter['in'],
  members: Partial<Parameter> = {},
): Parameter {
  const isForm = location === 'query' || location === 'cookie'
  return {
    name,
    in: location,
    required: location === 'path',
    style: isForm ? 'form' : 'simple',
    explode: isForm,
    allow_reserved: false,
    media_type: null,
    schema: null,
    ...members,
  }
}

/** A required body of one media range. */
export function body(
  mediaRange: string,
  schema: number | null,
  members: Partial<RequestBody> = {},
): RequestBody {
  return { required: true, content: [{ media_range: mediaRange, schema, encoding: {} }], ...members }
}

/** Forwards to a service. */
export function upstream(url: string, config: Readonly<Record<string, JsonValue>> = {}): Route['dispatch'] {
  return { name: 'http-upstream', config: { url, ...config } }
}
