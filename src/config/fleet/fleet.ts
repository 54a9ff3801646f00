import type { Location } from '../../domain/index.ts'

/** `fleet.yaml` (DESIGN §5.7): which gateways there are, what each environment asks for, how nodes are reached. */
export interface Fleet {
  /** In the order of the file, which is that in which releases are promoted; names are unique. */
  readonly environments: ReadonlyMap<string, Environment>
  /** In the order of the file; names, admin URLs and public keys are unique. Defaults are merged into every node. */
  readonly nodes: readonly FleetNode[]
  /** Where the file names a node; parses the text again, so it is for messages. */
  readonly locateNode: (name: string) => Location
  /** Where the file names an environment. */
  readonly locateEnvironment: (name: string) => Location
}

/** What an environment asks of a release before it is pinned. */
export interface Environment {
  readonly name: string
  /** POSIX path, relative to the folder of fleet.yaml, of the policy that says whose signatures are accepted. */
  readonly verifyPolicyPath: string | undefined
  /** True where artifacts need no signature here. */
  readonly allowsUnsigned: boolean
  /** Whether a release may break clients of what is pinned. */
  readonly breaking: 'allow' | 'refuse'
  /** Only what one of these environments pins may be released here; undefined where anything may. */
  readonly promoteFrom: readonly string[] | undefined
}

/** One gateway. */
export interface FleetNode {
  readonly name: string
  readonly environment: string
  /** Of the admin listener, http or https, without credentials, query, fragment and slash at the end. */
  readonly adminUrl: string
  /**
   * Ed25519 keys of the node: SPKI DER in base64, see {@link nodePublicKey}. Empty where none is known; two while one
   * is replaced by the other. A verifier that holds a key accepts no answer that none of them has signed.
   */
  readonly publicKeys: readonly string[]
  /** Set where the node is no longer trusted, whatever it answers. */
  readonly revoked: Revocation | undefined
  readonly labels: ReadonlyMap<string, string>
  /** Nodes with a lower number are rolled out first; 0 unless given. */
  readonly wave: number
  readonly tls: NodeTls | undefined
  /** Where the bearer token for the admin listener is; never the token itself. */
  readonly token: SecretReference | undefined
}

export interface Revocation {
  /** RFC 3339 in UTC with whole seconds. */
  readonly at: string
  readonly reason: string | undefined
}

/** PEM files for https and mTLS: as written, relative to the folder of fleet.yaml or absolute. */
export interface NodeTls {
  /** Certificates to trust instead of those of the system. */
  readonly ca: string | undefined
  /** The client's certificate; given together with its key. */
  readonly cert: string | undefined
  readonly key: string | undefined
  /** The name that the certificate has to have, where it is not the host of the URL. */
  readonly serverName: string | undefined
}

/** The place of a secret outside of git: an environment variable, or a file (as paths in {@link NodeTls}). */
export type SecretReference =
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }

/** Where an environment pins its release; POSIX, relative to the folder of fleet.yaml. */
export function releasePathOf(environment: string): string {
  return `environments/${environment}/release.yaml`
}
