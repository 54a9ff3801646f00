import { catalogue, ExitCode } from '../domain/index.ts'

export const runtimeProblems = catalogue({
  BCN_SERVE_OPTION: {
    exit: ExitCode.usage,
    message: ({ option, reason }: { option: string; reason: string }) => `${option}: ${reason}.`,
    hint: 'The options of the gateway are in `barbacane serve --help`.',
  },
  BCN_SERVE_NOT_READY: {
    exit: ExitCode.inconclusive,
    message: ({ url, reason }: { url: string; reason: string }) =>
      `The gateway does not want requests: ${url}: ${reason}.`,
    hint: 'Look at its log; what is asked follows BARBACANE_ADMIN_BIND, which has to be what the gateway was started with.',
  },
  BCN_SERVE_CONFIG: {
    exit: ExitCode.usage,
    message: ({ file, reason }: { file: string; reason: string; hint?: string | undefined }) =>
      `The settings file ${file} cannot be used: ${reason}.`,
    hint: ({ hint }: { file: string; reason: string; hint?: string | undefined }) =>
      `${hint === undefined ? '' : `${hint} `}A settings file is a mapping of the names of flags to their values.`,
  },
  BCN_NODE_KEY_UNREADABLE: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) =>
      `Cannot use the node key ${path}: ${reason}.`,
    hint: 'A node key is an Ed25519 private key in PEM (PKCS#8) without a passphrase: `barbacane node keygen NAME`.',
  },
  BCN_NODE_KEY_EXPOSED: {
    exit: ExitCode.usage,
    message: ({ path, mode }: { path: string; mode: string }) =>
      `The node key ${path} has the mode ${mode}: others than the gateway can read or replace it.`,
    hint: ({ path }: { path: string; mode: string }) =>
      `Run \`chmod 600 ${path}\`, or 640 where the gateway reads it by its group; if others could read it, make a new key.`,
  },
  BCN_NODE_KEY_TYPE: {
    exit: ExitCode.usage,
    message: ({ path, type }: { path: string; type: string }) =>
      `The node key ${path} is of the type ${type}, not Ed25519.`,
    hint: 'Make one with `barbacane node keygen NAME`, and give its public half to the inventory of the fleet.',
  },
  BCN_TLS_UNREADABLE: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) =>
      `Cannot use ${path} for the public listener: ${reason}.`,
    hint: 'Give the certificate with its chain by --tls-cert and its private key without a passphrase by --tls-key, both in PEM.',
  },
  BCN_TLS_KEY_EXPOSED: {
    exit: ExitCode.usage,
    message: ({ path, mode }: { path: string; mode: string }) =>
      `The key ${path} of a certificate has the mode ${mode}: others than the gateway can read or replace it.`,
    hint: ({ path }: { path: string; mode: string }) =>
      `Run \`chmod 600 ${path}\`, or 640 where the gateway reads it by its group; if others could read it, have the certificate replaced.`,
  },
  BCN_TLS_MISMATCH: {
    exit: ExitCode.usage,
    message: ({ certificate, key }: { certificate: string; key: string }) =>
      `The certificate ${certificate} and the private key ${key} do not belong together.`,
    hint: 'Give the files of --tls-cert and --tls-key in the same order; the certificate of the server is the first in its file.',
  },
  BCN_LISTEN_IN_USE: {
    exit: ExitCode.environment,
    message: ({ address }: { address: string }) =>
      `Cannot listen on ${address}: another process already does.`,
    hint: 'Stop that process, or choose another address with --listen or --admin-bind (port 0 takes any free port).',
  },
  BCN_LISTEN_DENIED: {
    exit: ExitCode.environment,
    message: ({ address }: { address: string }) => `Cannot listen on ${address}: permission denied.`,
    hint: 'Ports below 1024 need a privilege (CAP_NET_BIND_SERVICE on Linux); choose a port from 1024 up.',
  },
  BCN_LISTEN_FAILED: {
    exit: ExitCode.environment,
    message: ({ address, reason }: { address: string; reason: string }) =>
      `Cannot listen on ${address}: ${reason}.`,
    hint: 'Check that the address belongs to this machine.',
  },
  BCN_PLUGIN_UNSUPPORTED: {
    exit: ExitCode.usage,
    message: ({ uses }: { uses: readonly string[] }) =>
      `The artifact uses plugins that this version of the gateway does not run: ${uses.join('; ')}.`,
    hint: 'Run a version of barbacane that has them, or remove them from the description and compile again.',
  },
  BCN_PLUGIN_REFUSED: {
    exit: ExitCode.usage,
    message: ({ plugin, reason }: { plugin: string; reason: string }) =>
      `The plugin ${plugin} of the artifact cannot be run: ${reason}.`,
    hint: 'Build the plugin for Barbacane, and compile the artifact with this version, which checks it.',
  },
  BCN_PLUGIN_CONFIG: {
    exit: ExitCode.usage,
    message: ({ route, plugin, reason }: { route: string; plugin: string; reason: string }) =>
      `${route}: the plugin ${plugin} does not start: ${reason}.`,
    hint: 'Correct its configuration in the description; what it accepts is in its own documentation.',
  },
  BCN_SECRET_UNRESOLVED: {
    exit: ExitCode.usage,
    message: ({ references }: { references: readonly string[] }) =>
      `Secrets that the artifact refers to are missing: ${references.join('; ')}.`,
    hint: 'Set the environment variables and create the files named above before starting the gateway.',
  },
  BCN_DISPATCH_CONFIG: {
    exit: ExitCode.usage,
    message: ({ route, dispatcher, reason }: { route: string; dispatcher: string; reason: string }) =>
      `${route}: the configuration of ${dispatcher} is not valid: ${reason}.`,
    hint: 'Correct `x-barbacane-dispatch` (or the secret it refers to), then compile again.',
  },
  BCN_MIDDLEWARE_CONFIG: {
    exit: ExitCode.usage,
    message: ({ route, middleware, reason }: { route: string; middleware: string; reason: string }) =>
      `${route}: the configuration of ${middleware} is not valid: ${reason}.`,
    hint: 'Correct `x-barbacane-middlewares` (or the secret it refers to), then compile again.',
  },
  BCN_UPSTREAM_PLAINTEXT: {
    exit: ExitCode.usage,
    message: ({ upstreams, compiled }: { upstreams: readonly string[]; compiled: boolean }) =>
      compiled
        ? `Upstreams without TLS are not allowed: ${upstreams.join(', ')}.`
        : `Upstreams without TLS, and an artifact that was not compiled for them: ${upstreams.join(', ')}.`,
    hint: ({ compiled }: { upstreams: readonly string[]; compiled: boolean }) =>
      compiled
        ? 'Use https:// upstreams, or start with --allow-plaintext-upstream where the network is trusted.'
        : 'Use https:// upstreams, or compile with --allow-plaintext and start with --allow-plaintext-upstream.',
  },
  BCN_UPSTREAM_ADDRESS: {
    exit: ExitCode.usage,
    message: ({ reasons }: { reasons: readonly string[] }) =>
      `Upstreams are at addresses that the gateway does not connect to: ${reasons.join('; ')}.`,
    hint: 'Name the service by its own address: what answers there gives the credentials of the machine, or is no service.',
  },
  BCN_SCHEMA_UNCOMPILABLE: {
    exit: ExitCode.usage,
    message: ({ reason }: { reason: string }) => `A schema of the artifact cannot be compiled: ${reason}.`,
    hint: 'Compile the artifact with this version of barbacane, which checks every schema.',
  },
  BCN_WORKERS_LOG: {
    exit: ExitCode.environment,
    message: ({ folder, reason }: { folder: string; reason: string }) =>
      `Workers cannot count together: no file can be made in ${folder}: ${reason}.`,
    hint: 'Give the gateway a writable /dev/shm or temporary folder of 32 MiB (TMPDIR), or run it with one worker.',
  },
  BCN_RELOAD_DRAINING: {
    exit: ExitCode.environment,
    message: () => 'The gateway is ending and loads nothing any more.',
    hint: 'Start it again: it loads the artifact that is there.',
  },
  BCN_ROUTE_CONFLICT: {
    exit: ExitCode.usage,
    message: ({ method, first, second }: { method: string; first: string; second: string }) =>
      `Two routes match the same requests: ${method} ${first} and ${method} ${second}.`,
    hint: 'Remove one of them, or give the two APIs different base paths, then compile again.',
  },
})
