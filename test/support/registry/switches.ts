/** How the registry asks who its clients are. */
export type Auth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | {
      readonly kind: 'token'
      readonly username?: string
      readonly password?: string
      readonly identityToken?: string
      /** Replaces the realm of the challenge. */
      readonly realm?: string
    }

/** One request as the switches see it. */
export interface Seen {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: NodeJS.Dict<string | string[]>
  readonly bodyBytes: number
}

export interface Fault {
  readonly when: (request: Seen) => boolean
  /** How often; default once. */
  readonly times?: number
  /** Answers with this status instead. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Closes the connection: before anything is answered, or in the middle of the body. */
  readonly drop?: 'before' | 'middle'
  /** Goes silent instead of closing: nothing is answered, or half of the body and no more. */
  readonly hang?: 'before' | 'middle'
  /** Does the work, then closes the connection. */
  readonly loseAnswer?: boolean
}

/** What a test can set, also while the registry runs. */
export interface RegistrySwitches {
  auth: Auth
  referrersApi: boolean
  ociSubject: boolean
  location: 'relative' | 'absolute'
  mounting: boolean
  etags: boolean
  /** Redirects blob downloads to this origin. */
  redirectBlobs: string | undefined
  maxUploadBytes: number
  minChunkBytes: number | undefined
  /** Replaces content on its way out; the key is a digest or tag. */
  altered: Map<string, Buffer>
  /** Called with every stored manifest name. */
  onManifest: ((name: string) => void) | undefined
  faults: Fault[]
}

export function defaultSwitches(): RegistrySwitches {
  return {
    auth: { kind: 'none' },
    referrersApi: true,
    ociSubject: true,
    location: 'relative',
    mounting: true,
    etags: false,
    redirectBlobs: undefined,
    maxUploadBytes: Infinity,
    minChunkBytes: undefined,
    altered: new Map(),
    onManifest: undefined,
    faults: [],
  }
}
