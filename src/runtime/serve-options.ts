import { availableParallelism } from 'node:os'

import {
  createProxyTrust,
  defaultHttpLimits,
  parseListenAddress,
  type HttpLimits,
  type ListenAddress,
  type ProxyTrust,
} from './http/index.ts'
import { runtimeProblems as problems } from './problems.ts'
import type { ServeFlags, SettingName } from './settings/index.ts'
import { logFormats, logLevels, type LogFormat, type LogLevel } from './telemetry/index.ts'
import { tlsVersions, type ServerTlsOptions } from './tls/index.ts'

export interface ServeOptions {
  readonly listen: ListenAddress
  /** Paths are as they were given. */
  readonly tls: ServerTlsOptions | undefined
  readonly allowsPlainHttp2: boolean
  readonly adminBind: ListenAddress | null
  /** As `tls`, of the admin listener. */
  readonly adminTls: ServerTlsOptions | undefined
  readonly dev: boolean
  readonly allowPlaintextUpstream: boolean
  readonly allowPrivateUpstreams: boolean
  readonly proxyTrust: ProxyTrust
  readonly logLevel: LogLevel
  readonly logFormat: LogFormat
  /** Undefined where there is no collector. */
  readonly traces: { readonly url: string; readonly sampling: number } | undefined
  readonly limits: HttpLimits
  /** Between not being ready any more and closing the listener. */
  readonly drainDelayMs: number
  readonly shutdownTimeoutMs: number
  /** How long requests may go on with a configuration that was replaced; Infinity for as long as they last. */
  readonly retireTimeoutMs: number
  readonly watchesArtifact: boolean
  /** Processes that serve. */
  readonly workers: number
  /** The folder that `file://` references to secrets may lead into. */
  readonly secretsDir: string
}

/**
 * Reads the settings.
 *
 * @param nameOf how a message names a setting
 * @throws {ProblemError} BCN_SERVE_OPTION
 */
export function parseServeOptions(
  flags: ServeFlags,
  nameOf: (name: SettingName) => string = (name) => `--${name}`,
): ServeOptions {
  const adminBind = flags['admin-bind']
  return {
    listen: parseListenAddress(flags.listen, nameOf('listen')),
    tls: parseTls(flags, nameOf),
    allowsPlainHttp2: flags.h2c,
    adminBind: adminBind === 'off' ? null : parseListenAddress(adminBind, nameOf('admin-bind')),
    adminTls: parseAdminTls(flags, nameOf),
    dev: flags.dev,
    allowPlaintextUpstream: flags['allow-plaintext-upstream'],
    allowPrivateUpstreams: flags['allow-private-upstream'],
    proxyTrust: parseProxies(flags['trusted-proxies'], nameOf('trusted-proxies')),
    logLevel: wordOf(logLevels, flags['log-level'], nameOf('log-level')),
    logFormat: wordOf(logFormats, flags['log-format'], nameOf('log-format')),
    traces: parseTraces(flags, nameOf),
    limits: {
      ...defaultHttpLimits,
      maxBodyBytes: parseSize(flags['max-body-size'], nameOf('max-body-size')),
    },
    secretsDir: flags['secrets-dir'],
    drainDelayMs: parseSeconds(flags['drain-delay'], nameOf('drain-delay')) * 1000,
    watchesArtifact: flags.watch,
    workers: parseWorkers(flags.workers, nameOf('workers')),
    retireTimeoutMs: parseRetireTimeout(flags['retire-timeout'], nameOf('retire-timeout')),
    shutdownTimeoutMs: parseSeconds(flags['shutdown-timeout'], nameOf('shutdown-timeout')) * 1000,
  }
}

function parseTls(flags: ServeFlags, nameOf: (name: SettingName) => string): ServerTlsOptions | undefined {
  const [certs, keys] = [flags['tls-cert'], flags['tls-key']].map((text) => listOf(text ?? '')) as [
    readonly string[],
    readonly string[],
  ]
  const minVersion = wordOf(tlsVersions, flags['tls-min-version'], nameOf('tls-min-version'))
  if (certs.length === 0 && keys.length === 0) return undefined
  if (certs.length !== keys.length || [...certs, ...keys].includes('')) {
    const reason = `every certificate needs a key: --tls-cert names ${certs.length}, --tls-key ${keys.length}`
    throw problems.BCN_SERVE_OPTION({ option: nameOf('tls-cert'), reason })
  }
  return {
    minVersion,
    certificates: certs.map((certPath, index) => ({ certPath, keyPath: keys[index] as string })),
  }
}

function parseTraces(flags: ServeFlags, nameOf: (name: SettingName) => string): ServeOptions['traces'] {
  const sampling = Number(flags['trace-sampling'])
  if (flags['trace-sampling'].trim() === '' || !(sampling >= 0 && sampling <= 1)) {
    const reason = `${JSON.stringify(flags['trace-sampling'])} is not a number from 0 to 1`
    throw problems.BCN_SERVE_OPTION({ option: nameOf('trace-sampling'), reason })
  }
  const text = flags['otlp-endpoint'] ?? ''
  if (text === '') return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  // Headers for the collector have a variable of their own; a password in a URL would end up in process lists.
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    const reason = 'it is not a URL like http://collector:4318, without credentials'
    throw problems.BCN_SERVE_OPTION({ option: nameOf('otlp-endpoint'), reason })
  }
  // The base of a collector has the path of the signal behind it (OTLP/HTTP, request paths).
  if (url.pathname === '/') url.pathname = '/v1/traces'
  return { url: url.href, sampling }
}

function parseAdminTls(
  flags: ServeFlags,
  nameOf: (name: SettingName) => string,
): ServerTlsOptions | undefined {
  const {
    'admin-tls-cert': certPath = '',
    'admin-tls-key': keyPath = '',
    'admin-client-ca': clientCaPath,
  } = flags
  const minVersion = wordOf(tlsVersions, flags['tls-min-version'], nameOf('tls-min-version'))
  if (certPath !== '' && keyPath !== '') {
    return { minVersion, certificates: [{ certPath, keyPath }], clientCaPath: clientCaPath || undefined }
  }
  if (certPath !== keyPath) {
    const [missing, given] = certPath === '' ? (['cert', 'key'] as const) : (['key', 'cert'] as const)
    const reason = `it needs --admin-tls-${missing}, too`
    throw problems.BCN_SERVE_OPTION({ option: nameOf(`admin-tls-${given}`), reason })
  }
  if (!clientCaPath) return undefined
  const reason = 'certificates are shown over TLS only: it needs --admin-tls-cert and --admin-tls-key'
  throw problems.BCN_SERVE_OPTION({ option: nameOf('admin-client-ca'), reason })
}

/** What stands between commas. */
function listOf(text: string): readonly string[] {
  return text.trim() === '' ? [] : text.split(',').map((entry) => entry.trim())
}

function parseProxies(text: string, option: string): ProxyTrust {
  try {
    return createProxyTrust(listOf(text))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw problems.BCN_SERVE_OPTION({ option, reason: error.message }, { cause: error })
  }
}

function wordOf<T extends string>(words: readonly T[], text: string, option: string): T {
  const word = words.find((one) => one === text)
  if (word !== undefined) return word
  throw problems.BCN_SERVE_OPTION({
    option,
    reason: `${JSON.stringify(text)} is none of ${words.join(', ')}`,
  })
}

const UNITS: Readonly<Record<string, number>> = { '': 1, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 }

function parseSize(text: string, option: string): number {
  const match = /^(\d{1,10})(KiB|MiB|GiB|)$/i.exec(text)
  const sizeBytes = Number(match?.[1]) * (UNITS[match?.[2]?.toLowerCase() ?? ''] as number)
  if (match !== null && sizeBytes <= 2 ** 30) return sizeBytes
  const reason = `${JSON.stringify(text)} is not a size up to 1GiB, like 1048576, 512KiB or 10MiB`
  throw problems.BCN_SERVE_OPTION({ option, reason })
}

function parseSeconds(text: string, option: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text)
  const reason = `${JSON.stringify(text)} is not a whole number of seconds from 0 to 9999`
  throw problems.BCN_SERVE_OPTION({ option, reason })
}

function parseRetireTimeout(text: string, option: string): number {
  return text === 'off' ? Infinity : parseSeconds(text, option) * 1000
}

const MAX_WORKERS = 256

function parseWorkers(text: string, option: string): number {
  if (text === 'auto') return Math.min(MAX_WORKERS, availableParallelism())
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (count >= 1 && count <= MAX_WORKERS) return count
  const reason = `${JSON.stringify(text)} is neither auto nor a number of workers from 1 to ${MAX_WORKERS}`
  throw problems.BCN_SERVE_OPTION({ option, reason })
}
