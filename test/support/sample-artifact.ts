import { encodeArtifact } from '../../src/artifact/index.ts'
import {
  canonicalJson,
  compareInputs,
  describeInput,
  entryPathOf,
  fingerprint,
  PLAN_ENTRY,
  PLAN_VERSION,
  type CompiledPlan,
  type Input,
  type InputKind,
  type JsonValue,
  type Manifest,
} from '../../src/domain/index.ts'

export interface SampleInput {
  readonly kind: InputKind
  readonly path: string
  readonly text: string
}

export const sampleInputs: readonly SampleInput[] = [
  { kind: 'config', path: 'barbacane.yaml', text: 'version: 1\nspecs: specs/\n' },
  { kind: 'option', path: '.barbacane/options.json', text: '{"allow_plaintext":false}' },
  { kind: 'plugin', path: 'plugins/mock.wasm', text: '\0asm\x01\0\0\0' },
  { kind: 'spec', path: 'specs/pets.yaml', text: 'openapi: 3.1.0\n' },
]

/** A small valid artifact whose plan, inputs and manifest a test may replace. */
export function sampleArtifact(
  change: {
    plan?: Partial<CompiledPlan>
    inputs?: readonly SampleInput[]
    manifest?: Partial<Manifest>
  } = {},
): Buffer {
  const plan = { plan_version: PLAN_VERSION, schemas: [], routes: [], ...change.plan }
  const contents = change.inputs ?? sampleInputs
  const described = contents.map(({ kind, path, text }) => describeInput(kind, path, Buffer.from(text)))
  const entries = new Map<string, Uint8Array>([
    [PLAN_ENTRY, Buffer.from(canonicalJson(plan as unknown as JsonValue))],
    ...contents.map((input): [string, Uint8Array] => [entryPathOf(input), Buffer.from(input.text)]),
  ])
  return encodeArtifact({
    manifest: { ...sampleManifest(described, plan.routes.length), ...change.manifest },
    entries,
  })
}

function sampleManifest(inputs: readonly Input[], routesCount: number) {
  const spec = inputs.find((input) => input.kind === 'spec')
  return {
    artifact_hash: fingerprint(inputs),
    build_timestamp: '2026-01-02T03:04:05Z',
    compiler: { name: 'barbacane', version: '0.1.0' },
    provenance: { commit: 'a'.repeat(40), source: null, dirty: false },
    inputs: inputs.toSorted(compareInputs),
    source_specs:
      spec === undefined
        ? []
        : [
            {
              path: spec.path,
              type: 'openapi' as const,
              version: '3.1.0',
              title: 'Pets',
              sha256: spec.sha256,
            },
          ],
    plugins: [],
    routes_count: routesCount,
  }
}
