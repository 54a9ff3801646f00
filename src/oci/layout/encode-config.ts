import { canonicalJson, isObject, type Digest, type JsonObject, type JsonValue } from '../../domain/index.ts'
import type { Platform } from '../content/descriptor.ts'
import type { ImageConfig } from '../content/image-config.ts'
import { ARTIFACT_PATH } from './config-layer.ts'
import type { Labels } from './image-labels.ts'

/** What our layer adds to a configuration. */
export interface AddedLayer {
  readonly diffId: Digest
  /** RFC 3339. */
  readonly created: string
  readonly labels: Labels
}

/** The configuration of an image of our layer alone; it has no entry point, it is mounted or copied from. */
export function encodeImageConfig({ diffId, created, labels }: AddedLayer, platform: Platform): Buffer {
  return encode({
    ...platform,
    created,
    config: { Labels: labels },
    rootfs: { type: 'layers', diff_ids: [diffId] },
    history: [historyOf(created)],
  })
}

/** A base image's configuration with our layer on top: all it says is kept but Cmd, time and labels of our names. */
export function extendImageConfig({ diffId, created, labels }: AddedLayer, base: ImageConfig): Buffer {
  const { config, history } = base.raw
  const settings: Record<string, unknown> = isObject(config) ? config : {}
  return encode({
    ...base.raw,
    created,
    config: {
      ...(settings as JsonObject),
      Cmd: ['serve', '--artifact', ARTIFACT_PATH],
      Labels: { ...base.labels, ...labels },
    },
    rootfs: { type: 'layers', diff_ids: [...base.diffIds, diffId] },
    history: [...(Array.isArray(history) ? (history as JsonValue[]) : []), historyOf(created)],
  })
}

function historyOf(created: string): JsonObject {
  return { created, created_by: 'barbacane package', comment: `adds ${ARTIFACT_PATH}` }
}

function encode(config: JsonObject): Buffer {
  return Buffer.from(canonicalJson(config))
}
