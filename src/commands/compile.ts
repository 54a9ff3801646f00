import { resolve } from 'node:path'

import { Flags } from '@oclif/core'

import { writeFileAtomic } from '../artifact/index.ts'
import type { Digest, Manifest } from '../domain/index.ts'
import { counted, formatSize, markdownCell, type Style } from '../terminal/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { buildProject } from './frame/build-project.ts'
import type { CiReport } from './frame/ci-report.ts'
import { referenceFlags } from './frame/reference-flags.ts'
import { remoteReferencesOf } from './frame/remote-documents.ts'

interface CompileReport extends Pick<
  Manifest,
  'artifact_hash' | 'build_timestamp' | 'inputs' | 'plugins' | 'provenance' | 'routes_count'
> {
  /** As it was named. */
  readonly artifact: string
  readonly artifact_digest: Digest
  readonly size_bytes: number
  readonly specs: Manifest['source_specs']
}

export default class Compile extends BaseCommand<CompileReport> {
  static override summary = 'Compile the project to an artifact.'
  static override description =
    'Checks the descriptions as `lint` does, resolves everything the gateway needs and writes one .bca file, wholly ' +
    'or not at all. The same inputs give the same bytes on every machine.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> -o api.bca',
    '<%= config.bin %> <%= command.id %> -m gateway/barbacane.yaml -o api.bca --json',
    'SOURCE_DATE_EPOCH=0 <%= config.bin %> <%= command.id %> -o api.bca',
  ]
  static override flags = {
    manifest: Flags.string({
      char: 'm',
      summary: 'The barbacane.yaml; found from the working directory upwards unless given.',
      helpValue: 'FILE',
    }),
    output: Flags.string({ char: 'o', required: true, summary: 'The artifact to write.', helpValue: 'FILE' }),
    spec: Flags.string({
      char: 's',
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Description to compile instead of those of the project; can be given again.',
      helpValue: 'FILE',
    }),
    'allow-plaintext': Flags.boolean({ default: false, summary: 'Accept http:// upstreams.' }),
    'provenance-commit': Flags.string({
      summary: 'Commit to record; read from git unless given.',
      helpValue: 'ID',
    }),
    'provenance-source': Flags.string({
      summary: 'URL of the repository to record; that of `origin` unless given.',
      helpValue: 'URL',
    }),
    ...referenceFlags,
    offline: Flags.boolean({
      summary: 'Take plugins and documents that are fetched from the cache only.',
    }),
  }

  protected async execute(): Promise<Outcome<CompileReport>> {
    const { flags } = await this.parse(Compile)
    const request = {
      manifest: flags.manifest,
      specs: flags.spec,
      allowPlaintext: flags['allow-plaintext'],
      commit: flags['provenance-commit'],
      source: flags['provenance-source'],
      references: remoteReferencesOf(flags),
      offline: flags.offline,
    }
    const { bytes, manifest, digest, findings } = await buildProject(request, this.host, this.config.version)
    await writeFileAtomic(resolve(this.host.cwd, flags.output), bytes, this.host.signal)
    const report = {
      artifact: flags.output,
      artifact_hash: manifest.artifact_hash,
      artifact_digest: digest,
      size_bytes: bytes.byteLength,
      routes_count: manifest.routes_count,
      build_timestamp: manifest.build_timestamp,
      provenance: manifest.provenance,
      specs: manifest.source_specs,
      plugins: manifest.plugins,
      inputs: manifest.inputs,
    }
    const warnings = findings.filter(({ severity }) => severity === 'warning')
    return {
      result: report,
      warnings,
      text: (style) => renderReport(report, style),
      ci: () => reportToWorkflow(report),
    }
  }
}

function renderReport(report: CompileReport, { bold }: Style): string {
  const routes = counted(report.routes_count, 'route')
  return [
    `${bold(report.artifact)}  ${routes} from ${counted(report.inputs.length, 'input')}, ${formatSize(report.size_bytes)}`,
    `artifact hash    ${report.artifact_hash}`,
    `artifact digest  ${report.artifact_digest}`,
  ].join('\n')
}

function reportToWorkflow(report: CompileReport): CiReport {
  const { artifact, artifact_hash, artifact_digest, provenance, routes_count } = report
  const facts = [counted(routes_count, 'route'), `\`${artifact_hash}\``, `file \`${artifact_digest}\``]
  return {
    outputs: { artifact, artifact_hash, artifact_digest, commit: provenance.commit },
    summary: `### Compiled ${markdownCell(`\`${artifact}\``)}\n\n${facts.join(', ')}`,
  }
}
