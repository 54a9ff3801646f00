/** The bytes of a document of the network, or why it is not fetched, in words that follow a colon. */
export type RemoteDocument =
  | { readonly bytes: Uint8Array }
  | { readonly refused: string; readonly hint: string }

/**
 * Fetches the document of a URL (without fragment).
 *
 * @throws {ProblemError} where it should be there and is not, or is not what it should be.
 */
export type OpenRemote = (url: string) => Promise<RemoteDocument>

/** Fetches nothing. */
export const refuseRemote: OpenRemote = async () => ({
  refused: 'it would have to be fetched',
  hint:
    'Copy the file into the project and refer to the copy; or pin it with `barbacane lock`, and allow what is ' +
    'pinned with --allow-remote-refs.',
})
