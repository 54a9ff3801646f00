import { catalogue, ExitCode } from '../domain/index.ts'

const FETCH_AGAIN = 'Do not use this image. Fetch it again from where it was published, or package it again.'

/** Everything that can go wrong with images, layouts and registries. */
export const ociProblems = catalogue({
  BCN_OCI_REFERENCE: {
    exit: ExitCode.usage,
    message: ({ reference, reason }: { reference: string; reason: string }) =>
      `${JSON.stringify(reference)} is not an image reference: ${reason}.`,
    hint: 'Write HOST[:PORT]/REPOSITORY[:TAG][@sha256:DIGEST], e.g. registry.example/apis/shop:1.4.',
  },
  BCN_OCI_REFERENCE_UNPINNED: {
    exit: ExitCode.usage,
    message: ({ reference }: { reference: string }) => `The reference ${reference} does not name a digest.`,
    hint: 'A tag can be moved. Add the digest that `barbacane push` printed: …@sha256:DIGEST.',
  },
  BCN_OCI_OPTIONS: {
    exit: ExitCode.usage,
    message: ({ reason }: { reason: string }) => `These options do not go together: ${reason}.`,
    hint: 'See `barbacane package --help` for what each shape takes.',
  },
  BCN_OCI_ATTACHMENT: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) => `${path} cannot be attached: ${reason}.`,
    hint: 'Sign this artifact again with `barbacane sign`, or write its SBOM again with `barbacane sbom`.',
  },
  BCN_OCI_TARGET: {
    exit: ExitCode.usage,
    message: ({ path }: { path: string }) => `${path} exists and is not an OCI image layout.`,
    hint: 'Give another path; only an image layout is replaced.',
  },
  BCN_OCI_NOT_WRITTEN: {
    exit: ExitCode.environment,
    message: ({ path, reason }: { path: string; reason: string }) => `Cannot write ${path}: ${reason}.`,
    hint: 'Check that the folder exists, that you may write to it and that the disk has room.',
  },
  BCN_OCI_LAYOUT_UNREADABLE: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) =>
      `Cannot read ${path} as an OCI image layout: ${reason}.`,
    hint: 'Give the folder or the .tar file that `barbacane package -o` wrote.',
  },
  BCN_OCI_LAYOUT_MALFORMED: {
    exit: ExitCode.notVerified,
    message: ({ path, reason }: { path: string; reason: string }) =>
      `The OCI image layout ${path} is not intact: ${reason}.`,
    hint: FETCH_AGAIN,
  },
  BCN_OCI_IMAGE_AMBIGUOUS: {
    exit: ExitCode.usage,
    message: ({ path, images }: { path: string; images: string }) =>
      `The layout ${path} holds several images: ${images}.`,
    hint: 'Name one: oci:PATH:TAG or oci:PATH@sha256:DIGEST.',
  },
  BCN_OCI_IMAGE_UNKNOWN: {
    exit: ExitCode.usage,
    message: ({ path, wanted, images }: { path: string; wanted: string; images: string }) =>
      `The layout ${path} has no image ${wanted}; it has ${images}.`,
    hint: 'Name an image that the layout holds: oci:PATH:TAG or oci:PATH@sha256:DIGEST.',
  },
  BCN_OCI_BLOB_MISSING: {
    exit: ExitCode.notVerified,
    message: ({ digest, name }: { digest: string; name: string }) => `${name} does not hold ${digest}.`,
    hint: FETCH_AGAIN,
  },
  BCN_OCI_SIZE_MISMATCH: {
    exit: ExitCode.notVerified,
    message: ({ digest, expected, actual }: { digest: string; expected: number; actual: string }) =>
      `The content ${digest} should have ${expected} bytes and has ${actual}.`,
    hint: FETCH_AGAIN,
  },
  BCN_OCI_DIGEST_MISMATCH: {
    exit: ExitCode.notVerified,
    message: ({ expected, actual }: { expected: string; actual: string }) =>
      `The content that should have the digest ${expected} has ${actual}.`,
    hint: FETCH_AGAIN,
  },
  BCN_OCI_MANIFEST_MALFORMED: {
    exit: ExitCode.notVerified,
    message: ({ name, reason }: { name: string; reason: string }) =>
      `The manifest ${name} is not valid: ${reason}.`,
    hint: FETCH_AGAIN,
  },
  BCN_OCI_CONFIG_MALFORMED: {
    exit: ExitCode.notVerified,
    message: ({ digest, reason }: { digest: string; reason: string }) =>
      `The image configuration ${digest} is not valid: ${reason}.`,
    hint: FETCH_AGAIN,
  },
  BCN_OCI_LAYER_MALFORMED: {
    exit: ExitCode.notVerified,
    message: ({ digest, reason }: { digest: string; reason: string }) =>
      `The layer ${digest} is not a configuration layer of Barbacane: ${reason}.`,
    hint: FETCH_AGAIN,
  },
  BCN_OCI_LABELS_MISMATCH: {
    exit: ExitCode.notVerified,
    message: ({
      place,
      key,
      expected,
      actual,
    }: {
      place: string
      key: string
      expected: string
      actual: string
    }) => `The ${place} ${key} of the image says ${actual}; its artifact says ${expected}.`,
    hint: FETCH_AGAIN,
  },
  BCN_OCI_REFERRER_MALFORMED: {
    exit: ExitCode.notVerified,
    message: ({ digest, reason }: { digest: string; reason: string }) =>
      `The attached manifest ${digest} is not valid: ${reason}.`,
    hint: 'Remove the attachment from the registry, or push the image again.',
  },
  BCN_OCI_NO_ARTIFACT: {
    exit: ExitCode.usage,
    message: ({ digest, reason }: { digest: string; reason: string }) =>
      `The image ${digest} holds no Barbacane artifact: ${reason}.`,
    hint: 'Name an image that `barbacane package` made.',
  },
  BCN_OCI_NO_PLUGIN: {
    exit: ExitCode.usage,
    message: ({ reference, reason }: { reference: string; reason: string }) =>
      `${reference} holds no WebAssembly plugin: ${reason}.`,
    hint: 'Push the module as one layer of the media type application/wasm.',
  },
  BCN_OCI_TOO_LARGE: {
    exit: ExitCode.usage,
    message: ({ what, limit }: { what: string; limit: number }) =>
      `${what}, more than the limit of ${limit}.`,
    hint: 'Check where this content comes from.',
  },
  BCN_OCI_BASE_UNSUPPORTED: {
    exit: ExitCode.usage,
    message: ({ digest, reason }: { digest: string; reason: string }) =>
      `The base image ${digest} cannot be extended: ${reason}.`,
    hint: 'Choose another base image, or name the platform with --platform OS/ARCHITECTURE.',
  },
  BCN_OCI_INSECURE: {
    exit: ExitCode.usage,
    message: ({ url }: { url: string }) => `Refused to talk to ${url} without TLS.`,
    hint: 'Use https. For a registry in a trusted network only, pass --plain-http.',
  },
  BCN_OCI_UNREACHABLE: {
    exit: ExitCode.environment,
    message: ({ url, reason }: { url: string; reason: string }) => `Cannot reach ${url}: ${reason}.`,
    hint: 'Check the host name, the network, proxies and certificates, then try again.',
  },
  BCN_OCI_DENIED: {
    exit: ExitCode.environment,
    message: ({ repository, action }: { repository: string; action: string }) =>
      `The registry does not allow to ${action} ${repository} with the credentials found.`,
    hint: ({ repository }: { repository: string }) =>
      `Log in with \`docker login ${repository.split('/')[0]}\` or check what the account may do there.`,
  },
  BCN_OCI_NOT_FOUND: {
    exit: ExitCode.environment,
    message: ({ reference }: { reference: string }) => `The registry has no ${reference}.`,
    hint: 'Check the repository and the tag or digest; it may also be hidden from this account.',
  },
  BCN_OCI_REGISTRY_ANSWER: {
    exit: ExitCode.environment,
    message: ({ url, reason }: { url: string; reason: string }) =>
      `The registry answered ${url} with ${reason}.`,
    hint: 'Check that this is an OCI registry; its operator can say more about this answer.',
  },
  BCN_OCI_DOWNLOAD: {
    exit: ExitCode.environment,
    message: ({ url, reason }: { url: string; reason: string }) => `The answer of ${url} is ${reason}.`,
    hint: 'Check the URL where it is named; what has moved has another place, with the same SHA-256.',
  },
  BCN_OCI_NOT_CACHED: {
    exit: ExitCode.environment,
    message: ({ reference }: { reference: string }) => `${reference} is not in the cache.`,
    hint: 'Compile once without `--offline` to fetch it, or bring along the folder BARBACANE_CACHE_DIR.',
  },
  BCN_OCI_CHALLENGE: {
    exit: ExitCode.environment,
    message: ({ host, reason }: { host: string; reason: string }) => `Cannot log in to ${host}: ${reason}.`,
    hint: 'Registries ask for Basic or for Bearer with a realm of https.',
  },
  BCN_OCI_CREDENTIALS: {
    exit: ExitCode.environment,
    message: ({ place, reason }: { place: string; reason: string }) =>
      `Cannot read registry credentials from ${place}: ${reason}.`,
    hint: 'Log in again with `docker login HOST`, or correct the file that DOCKER_CONFIG or REGISTRY_AUTH_FILE names.',
  },
  BCN_OCI_READ_BACK: {
    exit: ExitCode.notVerified,
    message: ({ reference, reason }: { reference: string; reason: string }) =>
      `The registry does not give back what was pushed to ${reference}: ${reason}.`,
    hint: 'Do not deploy this reference. Push again; if it happens again, the registry or a proxy alters manifests.',
  },
  BCN_OCI_ATTACHMENT_LOST: {
    exit: ExitCode.environment,
    message: ({ tag, attempts }: { tag: string; attempts: number }) =>
      `The list of attachments ${tag} was overwritten by somebody else ${attempts} times.`,
    hint: 'Push again when no other job attaches to the same image.',
  },
})
