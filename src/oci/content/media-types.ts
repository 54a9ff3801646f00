/** Media types of the OCI image specification v1.1, of Docker's older images, and of what Barbacane stores. */
export const mediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  empty: 'application/vnd.oci.empty.v1+json',
  layerTar: 'application/vnd.oci.image.layer.v1.tar',
  layerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  layerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  artifact: 'application/vnd.barbacane.bca.v1',
  bundle: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  sbom: 'application/vnd.cyclonedx+json',
} as const

/** The OCI name of a media type that Docker's images use for the same bytes. */
export function ociMediaType(mediaType: string): string {
  const equivalents: Readonly<Record<string, string>> = {
    [mediaTypes.dockerManifest]: mediaTypes.manifest,
    [mediaTypes.dockerList]: mediaTypes.index,
    [mediaTypes.dockerConfig]: mediaTypes.config,
    [mediaTypes.dockerLayer]: mediaTypes.layerGzip,
  }
  return equivalents[mediaType] ?? mediaType
}
