import { once } from 'node:events'
import { dirname, resolve } from 'node:path'

import { Flags } from '@oclif/core'

import { startDevSession, watchProject } from '../development/index.ts'
import { logLevels, parseServeOptions, serveDefaults, type ServeOptions } from '../runtime/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { findManifest } from './frame/build-project.ts'
import { createDevPorts } from './frame/dev-ports.ts'
import { listenFlags } from './frame/listen-flags.ts'
import { referenceFlags } from './frame/reference-flags.ts'
import { remoteReferencesOf } from './frame/remote-documents.ts'
import { renderDevEvent } from './frame/render-dev-event.ts'
import { expectRepeatedBuilds } from './frame/repeated-builds.ts'

interface DevResult {
  /** How many times something was built. */
  readonly builds: number
}

export default class Dev extends BaseCommand<DevResult> {
  static override summary = 'Serve a project and reload it on every change.'
  static override description =
    'Watches descriptions, manifest and plugins. A good build replaces the running configuration at once; while a ' +
    'build fails, the previous version goes on serving and the findings are shown.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -m api/barbacane.yaml --listen 127.0.0.1:9000',
  ]
  // The log of the running gateway is on stdout; there is no result to wait for.
  static override enableJsonFlag = false
  static override flags = {
    manifest: Flags.string({
      char: 'm',
      summary: 'The barbacane.yaml; by default the one of this folder or the nearest above it.',
      helpValue: 'FILE',
    }),
    ...listenFlags,
    'allow-plaintext': Flags.boolean({ default: false, summary: 'Allow http:// upstreams.' }),
    ...referenceFlags,
    'debounce-ms': Flags.integer({
      default: 100,
      min: 0,
      max: 10_000,
      summary: 'How long files have to be quiet before a build.',
    }),
    'log-level': Flags.string({ default: 'info', options: [...logLevels], summary: 'What to log.' }),
  }

  protected async execute(): Promise<Outcome<DevResult>> {
    const { flags } = await this.parse(Dev)
    expectRepeatedBuilds()
    const manifestPath = await findManifest(flags.manifest, this.host.cwd)
    const serve: ServeOptions = parseServeOptions({
      ...serveDefaults,
      ...flags,
      artifact: '',
      dev: true,
      h2c: true,
      'allow-plaintext-upstream': flags['allow-plaintext'],
      'allow-private-upstream': true,
      // Who describes the API and who runs it are one.
      'secrets-dir': '/',
      'log-format': 'pretty',
    })
    const ports = createDevPorts({
      manifest: manifestPath,
      serve,
      references: remoteReferencesOf(flags),
      host: this.host,
      version: this.config.version,
    })
    let builds = 0
    const session = startDevSession({
      ...ports,
      report: (event) => {
        builds += 1
        this.note(renderDevEvent(event, this.styleOf(process.stderr)))
      },
      debounceMs: flags['debounce-ms'],
    })
    const unwatch = watchProject(resolve(this.host.cwd, dirname(manifestPath)), session.changed)
    try {
      await Promise.race([session.done, once(this.host.signal, 'abort')])
    } finally {
      await unwatch()
      await session.close()
    }
    return { result: { builds }, text: () => '' }
  }
}
