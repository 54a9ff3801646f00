import { logFormats, logLevels } from '../telemetry/index.ts'
import { tlsVersions } from '../tls/index.ts'

interface Setting {
  readonly kind: 'text' | 'switch'
  /** What it is where nobody says anything; the text is left out where that is nothing. */
  readonly preset?: string
  /** How its value is named in the help. */
  readonly value?: string
  /** The only values that it takes. */
  readonly options?: readonly string[]
  readonly summary: string
}

/**
 * What can be set of a gateway: each is a flag, a variable `BARBACANE_…` and a member of the settings file of the same
 * name (docs/reference/serve.md).
 */
const serveSettings = {
  artifact: {
    kind: 'text',
    value: 'FILE',
    summary: 'The .bca file to serve, or oci://HOST/REPOSITORY@sha256:DIGEST.',
  },
  listen: {
    kind: 'text',
    preset: '127.0.0.1:8080',
    value: 'HOST:PORT',
    summary: 'Address of the public listener.',
  },
  'tls-cert': {
    kind: 'text',
    value: 'FILES',
    summary: 'Certificates (PEM, with their chains) of the public listener, with commas.',
  },
  'tls-key': { kind: 'text', value: 'FILES', summary: 'Their private keys (PEM), in the same order.' },
  'tls-min-version': {
    kind: 'text',
    preset: '1.2',
    value: 'VERSION',
    options: tlsVersions,
    summary: 'The oldest TLS that is spoken.',
  },
  h2c: {
    kind: 'switch',
    summary: 'Speak HTTP/2 without TLS, too, to clients that begin with it (prior knowledge).',
  },
  'admin-bind': {
    kind: 'text',
    preset: '127.0.0.1:8081',
    value: 'HOST:PORT',
    summary: 'Address of the admin listener, or `off`.',
  },
  'admin-token': {
    kind: 'text',
    value: 'REFERENCE',
    summary: 'Where the token that the admin listener asks for is, env://NAME or file:///PATH.',
  },
  'admin-tls-cert': {
    kind: 'text',
    value: 'FILE',
    summary: 'Certificate (PEM, with its chain) of the admin listener.',
  },
  'admin-tls-key': { kind: 'text', value: 'FILE', summary: 'Its private key (PEM).' },
  'admin-client-ca': {
    kind: 'text',
    value: 'FILE',
    summary: 'Authorities (PEM) whose certificates the admin listener asks clients for.',
  },
  dev: { kind: 'switch', summary: 'Show internal details in error responses.' },
  'allow-plaintext-upstream': {
    kind: 'switch',
    summary: 'Forward to http:// upstreams (the artifact must be compiled with --allow-plaintext).',
  },
  'allow-private-upstream': {
    kind: 'switch',
    summary: 'Forward to upstreams whose names stand for private addresses.',
  },
  'trusted-proxies': {
    kind: 'text',
    preset: '',
    value: 'LIST',
    summary: 'Addresses and networks, with commas, whose X-Forwarded-… are believed.',
  },
  'log-level': { kind: 'text', preset: 'info', value: 'LEVEL', options: logLevels, summary: 'What to log.' },
  'log-format': {
    kind: 'text',
    preset: 'json',
    value: 'FORMAT',
    options: logFormats,
    summary: 'How to log.',
  },
  'otlp-endpoint': {
    kind: 'text',
    value: 'URL',
    summary: 'Send traces to this OpenTelemetry collector by OTLP over HTTP, e.g. http://collector:4318.',
  },
  'trace-sampling': {
    kind: 'text',
    preset: '1.0',
    value: 'SHARE',
    summary: 'Share of requests to trace, 0 to 1, where they do not say themselves.',
  },
  'max-body-size': {
    kind: 'text',
    preset: '1MiB',
    value: 'SIZE',
    summary: 'Largest request body, e.g. 512KiB.',
  },
  workers: {
    kind: 'text',
    preset: '1',
    value: 'NUMBER',
    summary: 'Processes that serve on the one port, or `auto` for one a processor.',
  },
  watch: { kind: 'switch', summary: 'Load the artifact again when its file has changed.' },
  'reload-token': {
    kind: 'text',
    value: 'REFERENCE',
    summary:
      'Where the token of POST /_admin/reload is, env://NAME or file:///PATH; no such call without it.',
  },
  'retire-timeout': {
    kind: 'text',
    preset: '600',
    value: 'SECONDS',
    summary: 'Seconds that requests may go on with an artifact that was replaced, or `off`.',
  },
  'drain-delay': {
    kind: 'text',
    preset: '0',
    value: 'SECONDS',
    summary: 'Seconds between not being ready any more and closing the listener.',
  },
  'shutdown-timeout': {
    kind: 'text',
    preset: '30',
    value: 'SECONDS',
    summary: 'Seconds that requests in flight have to finish.',
  },
  'secrets-dir': {
    kind: 'text',
    preset: '/run/secrets',
    value: 'DIR',
    summary: 'The folder that file:// references to secrets may lead into.',
  },
  'node-name': {
    kind: 'text',
    value: 'NAME',
    summary: 'Name of this node in the fleet; the name of the machine unless given.',
  },
  'node-key': {
    kind: 'text',
    value: 'FILE',
    summary: 'Ed25519 private key (PEM) with which this node proves what it runs.',
  },
} as const satisfies Readonly<Record<string, Setting>>

type Table = typeof serveSettings
export type SettingName = keyof Table

type NamesOf<Shape> = { [Name in SettingName]: Table[Name] extends Shape ? Name : never }[SettingName]
export type SwitchName = NamesOf<{ readonly kind: 'switch' }>
type PresetName = NamesOf<{ readonly preset: string }>
type OptionalName = Exclude<SettingName, SwitchName | PresetName | 'artifact'>

/** What is set of a gateway, as text. */
export type ServeFlags = { readonly artifact: string } & {
  readonly [Name in SwitchName]: boolean
} & { readonly [Name in PresetName]: string } & { readonly [Name in OptionalName]?: string | undefined }

export const settingNames = Object.keys(serveSettings) as readonly SettingName[]

/** The settings by name, for whoever does not need to tell one from the other. */
export const settingTable: Readonly<Record<SettingName, Setting>> = { ...serveSettings }

/** What the settings are where nobody says anything. */
export const serveDefaults = Object.fromEntries(
  settingNames.flatMap((name): [string, string | boolean][] => {
    const { kind, preset } = settingTable[name]
    if (kind === 'switch') return [[name, false]]
    return preset === undefined ? [] : [[name, preset]]
  }),
) as Omit<ServeFlags, 'artifact' | OptionalName>
