import {
  createProxyTrust,
  defaultHttpLimits,
  parseListenAddress,
  type HttpLimits,
  type ListenAddress,
  type ProxyTrust,
} from './http/index.ts'
import { runtimeProblems as problems } from './problems.ts'
import { logFormats, logLevels, type LogFormat, type LogLevel } from './telemetry/index.ts'
import { tlsVersions, type ServerTlsOptions } from './tls/index.ts'

/** The options of `serve` and of the data plane's own entry, as text. */
export interface ServeFlags {
  readonly artifact: string
  readonly listen: string
  readonly 'admin-bind': string
  readonly dev: boolean
  readonly 'allow-plaintext-upstream': boolean
  readonly 'allow-private-upstream': boolean
  /** Addresses and networks, with commas between them. */
  readonly 'trusted-proxies': string
  readonly 'log-level': string
  readonly 'log-format': string
  readonly 'max-body-size': string
  readonly 'shutdown-timeout': string
  /** Files, with commas between them. */
  readonly 'tls-cert'?: string | undefined
  /** As many files, in the same order. */
  readonly 'tls-key'?: string | undefined
  readonly 'tls-min-version': string
  readonly 'node-name'?: string | undefined
  readonly 'node-key'?: string | undefined
}

export const serveDefaults = {
  listen: '127.0.0.1:8080',
  'admin-bind': '127.0.0.1:8081',
  'log-level': 'info',
  'log-format': 'json',
  'max-body-size': '1MiB',
  'shutdown-timeout': '30',
  'trusted-proxies': '',
  'tls-min-version': '1.2',
} as const

export interface ServeOptions {
  readonly listen: ListenAddress
  /** Paths are as they were given. */
  readonly tls: ServerTlsOptions | undefined
  readonly adminBind: ListenAddress | null
  readonly dev: boolean
  readonly allowPlaintextUpstream: boolean
  readonly allowPrivateUpstreams: boolean
  readonly proxyTrust: ProxyTrust
  readonly logLevel: LogLevel
  readonly logFormat: LogFormat
  readonly limits: HttpLimits
  readonly shutdownTimeoutMs: number
}

/**
 * Reads the options.
 *
 * @throws {ProblemError} BCN_SERVE_OPTION
 */
export function parseServeOptions(flags: ServeFlags): ServeOptions {
  const adminBind = flags['admin-bind']
  return {
    listen: parseListenAddress(flags.listen, '--listen'),
    tls: parseTls(flags),
    adminBind: adminBind === 'off' ? null : parseListenAddress(adminBind, '--admin-bind'),
    dev: flags.dev,
    allowPlaintextUpstream: flags['allow-plaintext-upstream'],
    allowPrivateUpstreams: flags['allow-private-upstream'],
    proxyTrust: parseProxies(flags['trusted-proxies'], '--trusted-proxies'),
    logLevel: wordOf(logLevels, flags['log-level'], '--log-level'),
    logFormat: wordOf(logFormats, flags['log-format'], '--log-format'),
    limits: { ...defaultHttpLimits, maxBodyBytes: parseSize(flags['max-body-size'], '--max-body-size') },
    shutdownTimeoutMs: parseSeconds(flags['shutdown-timeout'], '--shutdown-timeout') * 1000,
  }
}

function parseTls(flags: ServeFlags): ServerTlsOptions | undefined {
  const [certs, keys] = [flags['tls-cert'], flags['tls-key']].map((text) => listOf(text ?? '')) as [
    readonly string[],
    readonly string[],
  ]
  const minVersion = wordOf(tlsVersions, flags['tls-min-version'], '--tls-min-version')
  if (certs.length === 0 && keys.length === 0) return undefined
  if (certs.length !== keys.length || [...certs, ...keys].includes('')) {
    const reason = `every certificate needs a key: --tls-cert names ${certs.length}, --tls-key ${keys.length}`
    throw problems.BCN_SERVE_OPTION({ option: '--tls-cert', reason })
  }
  return {
    minVersion,
    certificates: certs.map((certPath, index) => ({ certPath, keyPath: keys[index] as string })),
  }
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
