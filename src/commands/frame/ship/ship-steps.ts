import { createPublicKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'

import { decodeArtifact, type Artifact } from '../../../artifact/index.ts'
import {
  bundlePathOf,
  createSbom,
  readInstalledPackages,
  sbomPathOf,
  signArtifact,
  verifyTarget,
} from '../../../attest/index.ts'
import { ifFound, type Digest } from '../../../domain/index.ts'
import {
  applyLayout,
  formatReference,
  planImage,
  pushImage,
  type ImagePlan,
  type PushedImage,
} from '../../../oci/index.ts'
import { counted, formatSize, type Step, type StepOutcome } from '../../../terminal/index.ts'
import { buildProject } from '../build-project.ts'
import { lintBeforeShipping } from './lint-before-shipping.ts'
import { createRegistryHost } from '../registry-host.ts'
import type { ShipContext, ShipRequest } from './ship-request.ts'
import { storeFile } from './store-file.ts'

/** What the steps make, filled in one after the other. */
export interface Shipment {
  artifact?: Artifact
  bytes?: Uint8Array
  sbom?: Buffer
  bundle?: Buffer
  imageDigest?: Digest
  /** With the signature attached. */
  image?: ImagePlan
  pushed?: PushedImage
}

/** Where the image layout of an artifact is written. */
export const layoutPathOf = (artifactPath: string): string => `${artifactPath}.oci.tar`

/** The steps from descriptions to a registry. Each leaves what is right already as it is, so a second run goes on. */
export function shipSteps(request: ShipRequest, shipment: Shipment, context: ShipContext): readonly Step[] {
  return [
    { name: 'lint', run: () => lintBeforeShipping(request, context) },
    { name: 'compile', run: () => compile(request, shipment, context) },
    { name: 'sbom', run: () => describeParts(request, shipment, context) },
    { name: 'sign', run: () => sign(request, shipment, context) },
    { name: 'package', run: () => packageImage(request, shipment, context) },
    { name: 'push', run: () => push(request, shipment, context) },
  ]
}

async function compile(
  request: ShipRequest,
  shipment: Shipment,
  { host, version }: ShipContext,
): Promise<StepOutcome> {
  const { bytes, manifest, digest } = await buildProject(request.build, host, version)
  shipment.bytes = bytes
  shipment.artifact = decodeArtifact(bytes)
  const state = await storeFile({ path: request.output, bytes }, host, request.dryRun)
  return { state, detail: `${request.output}, ${counted(manifest.routes_count, 'route')}, ${digest}` }
}

async function describeParts(
  request: ShipRequest,
  shipment: Shipment,
  context: ShipContext,
): Promise<StepOutcome> {
  const packages = await readInstalledPackages(context.packageRoot)
  const artifact = made(shipment.artifact)
  const name = basename(request.output)
  const bytes = await createSbom({ artifact, name, specVersion: request.sbomVersion, packages })
  shipment.sbom = bytes
  const path = sbomPathOf(request.output)
  const state = await storeFile({ path, bytes }, context.host, request.dryRun)
  return { state, detail: `${path}, ${formatSize(bytes.byteLength)}` }
}

async function sign(request: ShipRequest, shipment: Shipment, { host }: ShipContext): Promise<StepOutcome> {
  const { signing } = request
  shipment.imageDigest = imageOf(request, shipment).image.descriptor.digest
  if (signing === undefined) return { state: 'skipped', detail: 'unsigned, as asked' }
  const path = bundlePathOf(request.output)
  const present = await ifFound(readFile(resolve(host.cwd, path)))
  if (present !== undefined && (await isOurSignature(present, request, shipment))) {
    shipment.bundle = present
    return { state: 'unchanged', detail: path }
  }
  if (request.dryRun) return { state: 'planned', detail: `${path}, ${signing.kind}` }
  const { imageDigest, sbom } = shipment
  const subject = { artifact: made(shipment.artifact), name: basename(request.output), sbom, imageDigest }
  shipment.bundle = await signArtifact(subject, signing, host.env)
  await storeFile({ path, bytes: shipment.bundle }, host, false)
  return { state: 'done', detail: `${path}, ${signing.kind}` }
}

/** A signature of the same key over the same things serves again; whose a keyless one is, only a policy could tell. */
async function isOurSignature(
  bundle: Uint8Array,
  { signing, output }: ShipRequest,
  shipment: Shipment,
): Promise<boolean> {
  if (signing?.kind !== 'key') return false
  const publicKey = createPublicKey(signing.privateKey)
  const { verified } = await verifyTarget(
    {
      kind: 'artifact',
      name: output,
      artifactBytes: made(shipment.bytes),
      bundles: [bundle],
      sbom: shipment.sbom,
      imageDigest: shipment.imageDigest,
    },
    { keys: [{ publicKey, name: output }], identities: [], requireSbom: true, requireGit: false },
  )
  return verified
}

async function packageImage(
  request: ShipRequest,
  shipment: Shipment,
  { host }: ShipContext,
): Promise<StepOutcome> {
  const plan = imageOf(request, shipment)
  shipment.image = plan
  const path = layoutPathOf(request.output)
  const detail = `${path}, ${plan.image.descriptor.digest}`
  if (request.dryRun) return { state: 'planned', detail }
  await applyLayout(plan, resolve(host.cwd, path), host.signal)
  return { state: 'done', detail }
}

async function push(request: ShipRequest, shipment: Shipment, { host }: ShipContext): Promise<StepOutcome> {
  const { reference, plainHttp, tags } = request
  if (reference === undefined) return { state: 'skipped', detail: 'no --to' }
  if (request.dryRun) return { state: 'planned', detail: formatReference(reference) }
  const options = { plainHttp, tags }
  const pushed = await pushImage(made(shipment.image), reference, createRegistryHost(host), options)
  shipment.pushed = pushed
  const isNew = pushed.blobs.uploaded + pushed.blobs.mounted > 0
  return { state: isNew ? 'done' : 'unchanged', detail: pushed.reference }
}

/** The image; its digest is the same before and after the signature, which is only attached to it. */
function imageOf({ tags, output }: ShipRequest, { bytes, sbom, bundle }: Shipment) {
  return planImage('image', made(bytes), {
    ...(tags.length > 0 && { tags }),
    sbom: { path: sbomPathOf(output), bytes: made(sbom) },
    bundles: bundle === undefined ? [] : [{ path: bundlePathOf(output), bytes: bundle }],
  })
}

/** What an earlier step has made; the steps run in order and end at the first that fails. */
function made<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('A step ran before the one whose result it needs')
  return value
}
