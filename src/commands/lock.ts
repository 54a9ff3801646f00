import { dirname, join, resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import { loadProject } from '../config/index.ts'
import { counted, formatSize, oneLine } from '../terminal/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { findManifest } from './frame/build-project.ts'
import { planLock, type LockPlan } from './frame/plan-lock.ts'
import { insecureRefHostFlag } from './frame/reference-flags.ts'
import { errorSeenFrom } from './frame/seen-from.ts'
import { commandProblems as problems } from './problems.ts'

interface LockResult {
  /** From the working directory. */
  readonly lock: string
  readonly written: boolean
  readonly documents: readonly {
    readonly url: string
    readonly sha256: string
    readonly size_bytes: number
    readonly media_type: string | null
    readonly change: 'added' | 'updated' | 'kept'
  }[]
  /** What nothing refers to any more. */
  readonly removed: readonly string[]
}

export default class Lock extends BaseCommand<LockResult> {
  static override summary = 'Pin the documents of the network that descriptions refer to.'
  static override description =
    'Follows references to the network, through any number of documents, and writes the SHA-256 of each to ' +
    'barbacane.lock. Commands that read descriptions follow such references with --allow-remote-refs, and only to ' +
    'what is pinned. This is the only command that fetches what is not.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --update',
    '<%= config.bin %> <%= command.id %> --update https://schemas.example.com/common.yaml',
    '<%= config.bin %> <%= command.id %> --frozen',
  ]
  static override strict = false
  static override args = {
    urls: Args.string({ description: 'With --update, the documents to pin anew; all unless given.' }),
  }
  static override flags = {
    manifest: Flags.string({
      char: 'm',
      summary: 'The barbacane.yaml; found from the working directory upwards unless given.',
      helpValue: 'FILE',
    }),
    update: Flags.boolean({ summary: 'Pin what is there now in place of what was pinned.' }),
    frozen: Flags.boolean({
      summary:
        'Fail where the lock would have to change, and fetch nothing unpinned; where CI is set, unless --no-frozen.',
      allowNo: true,
    }),
    ...insecureRefHostFlag,
  }

  protected async execute(): Promise<Outcome<LockResult>> {
    const { argv, flags } = await this.parse(Lock)
    const urls = argv as string[]
    const frozen = flags.frozen ?? Boolean(this.host.env['CI'])
    const fault =
      urls.length > 0 && !flags.update
        ? 'URLs are named with --update'
        : flags.update && frozen
          ? 'The lock is frozen, because of --frozen or because CI is set; --no-frozen lets it be updated'
          : undefined
    if (fault !== undefined) throw problems.BCN_CLI_USAGE({ fault, command: 'lock', suggestion: undefined })
    const manifest = await findManifest(flags.manifest, this.host.cwd)
    const project = await loadProject(manifest)
    const update = !flags.update ? undefined : urls.length === 0 ? ('all' as const) : new Set(urls)
    const request = { update, frozen, insecureHosts: flags['insecure-ref-host'] ?? [] }
    const viewpoint = { root: project.root, cwd: this.host.cwd }
    const plan = await planLock(project, request, this.host).catch((error: unknown) => {
      throw errorSeenFrom(error, viewpoint)
    })
    const shown = join(dirname(manifest), project.lock.path)
    const written = await this.write(plan, shown, project.lock.bytes)
    return { result: toResult(plan, shown, written), text: () => renderPlan(plan, shown, written) }
  }

  private async write(plan: LockPlan, shown: string, present: Uint8Array | undefined): Promise<boolean> {
    const isEmpty = plan.documents.length === 0 && present === undefined
    if (isEmpty || (present !== undefined && Buffer.from(present).toString() === plan.text)) return false
    const { writeFileAtomic } = await import('../artifact/index.ts')
    await writeFileAtomic(resolve(this.host.cwd, shown), Buffer.from(plan.text), this.host.signal)
    return true
  }
}

function toResult({ documents, removed }: LockPlan, lock: string, written: boolean): LockResult {
  return {
    lock,
    written,
    documents: documents.map(({ url, sha256, sizeBytes, mediaType, change }) => {
      return { url, sha256, size_bytes: sizeBytes, media_type: mediaType, change }
    }),
    removed,
  }
}

const SIGNS = { added: '+', updated: '~', kept: ' ' } as const

function renderPlan({ documents, removed }: LockPlan, lock: string, written: boolean): string {
  if (documents.length === 0 && removed.length === 0) return 'No description refers to the network.'
  const lines = documents.map(({ url, sha256, sizeBytes, change }) =>
    oneLine(`${SIGNS[change]} ${url}  sha256:${sha256.slice(0, 12)}  ${formatSize(sizeBytes)}`),
  )
  const gone = removed.map((url) => oneLine(`- ${url}`))
  const what = counted(documents.length, 'document')
  return [...lines, ...gone, written ? `Wrote ${lock}: ${what}.` : `${lock} is complete: ${what}.`].join('\n')
}
