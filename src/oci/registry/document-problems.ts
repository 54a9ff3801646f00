import { catalogue, ExitCode } from '../../domain/index.ts'

/** What can go wrong with documents of the network that descriptions refer to. */
export const documentProblems = catalogue({
  BCN_REF_CHANGED: {
    exit: ExitCode.notVerified,
    message: ({ url, pinned, actual }: { url: string; pinned: string; actual: string }) =>
      `${url} is no longer what the lock pins: its SHA-256 is ${actual}, not ${pinned}.`,
    hint: ({ url }: { url: string }) =>
      `Find out what has changed and why. \`barbacane lock --update ${url}\` pins what is there now.`,
  },
  BCN_REF_INSECURE: {
    exit: ExitCode.usage,
    message: ({ url }: { url: string; host: string }) => `Refused to ask for ${url} without TLS.`,
    hint: ({ host }: { host: string }) =>
      `Refer to it by https. In a trusted network only, allow the host: --insecure-ref-host ${host}.`,
  },
  BCN_REF_PRIVATE: {
    exit: ExitCode.usage,
    message: ({ host, address }: { host: string; address: string }) =>
      `Refused to ask ${host} for a document: its address ${address} is not a public one.`,
    hint: ({ host }: { host: string }) =>
      `A description could make this machine ask for anything in its network. If the host is meant, allow it: --insecure-ref-host ${host}.`,
  },
  BCN_REF_MEDIA_TYPE: {
    exit: ExitCode.usage,
    message: ({ url, mediaType }: { url: string; mediaType: string }) =>
      `${url} is a web page (${mediaType}), not a description.`,
    hint: 'Refer to the file itself; where the page asks for a login, copy the file into the project.',
  },
  BCN_REF_NOT_CACHED: {
    exit: ExitCode.environment,
    message: ({ url }: { url: string }) => `${url} is not in the cache.`,
    hint: 'Run once without `--offline` to fetch it, or bring along the folder BARBACANE_CACHE_DIR.',
  },
})
