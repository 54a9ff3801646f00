import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { comparePaths } from '../domain/index.ts'
import { readFolder } from './read-folder.ts'
import type { Survey } from './survey-folder.ts'
import type { Template } from './template.ts'

export const ciSystems = ['github', 'gitlab'] as const
export const deployTargets = ['kubernetes', 'systemd', 'compose'] as const

export type CiSystem = (typeof ciSystems)[number]
export type DeployTarget = (typeof deployTargets)[number]

/** What goes around a project: how it is checked, shipped and run. */
export interface Kit {
  readonly ci: CiSystem | undefined
  /** Check every commit before it is made. */
  readonly hooks: boolean
  readonly deploy: readonly DeployTarget[]
}

/** Paths in the package and in the project; a folder ends with a slash. */
type Copy = readonly [source: string, target: string]

const CI: Readonly<Record<CiSystem, readonly Copy[]>> = {
  github: [
    ['templates/ci/github/gateway.yml', '.github/workflows/gateway.yml'],
    // The workflow that other repositories call is the one of this package's own.
    ['.github/workflows/gitops.yml', '.github/workflows/gitops.yml'],
  ],
  gitlab: [['templates/ci/gitlab/gitlab-ci.yml', '.gitlab-ci.yml']],
}

const HOOKS: readonly Copy[] = [['templates/hooks/pre-commit-config.yaml', '.pre-commit-config.yaml']]

const IMAGE: Copy = ['templates/deploy/docker/Dockerfile', 'deploy/Dockerfile']

const DEPLOY: Readonly<Record<DeployTarget, readonly Copy[]>> = {
  kubernetes: [['templates/deploy/kubernetes/', 'deploy/kubernetes/'], IMAGE],
  systemd: [['templates/deploy/systemd/gateway.service', 'deploy/gateway.service']],
  compose: [['templates/deploy/compose/compose.yaml', 'deploy/compose.yaml'], IMAGE],
}

/** The file that says which barbacane pipelines and hooks run. */
const PACKAGE_JSON = 'package.json'

export function isKitWanted({ ci, hooks, deploy }: Kit): boolean {
  return ci !== undefined || hooks || deploy.length > 0
}

/** Whether pipelines or hooks run the barbacane that the project pins. */
export function isPinned({ ci, hooks }: Kit): boolean {
  return ci !== undefined || hooks
}

/** The template without its `package.json` where the project has one of its own. */
export function leaveOwnPackageJson(template: Template, survey: Survey): Template {
  const isTheirs = survey.get(PACKAGE_JSON) === 'different'
  return new Map([...template].filter(([path]) => path !== PACKAGE_JSON || !isTheirs))
}

/**
 * Reads the files of a kit from the folder that the package is installed in. Where a pipeline or hooks run barbacane,
 * a `package.json` that pins this version of it is one of them.
 */
export async function readKit(packageRoot: string, kit: Kit, version: string): Promise<Template> {
  const copies = new Map<string, string>([
    ...(kit.ci === undefined ? [] : CI[kit.ci]),
    ...(kit.hooks ? HOOKS : []),
    ...kit.deploy.flatMap((target) => DEPLOY[target]),
  ])
  const files = await Promise.all(
    [...copies].map(([source, target]) => readCopy(join(packageRoot, source), target)),
  )
  const entries = files.flat().map(([path, bytes]): [string, Uint8Array] => [path, filled(bytes, version)])
  if (isPinned(kit)) entries.push([PACKAGE_JSON, packageJson(version)])
  return new Map(entries.toSorted(([a], [b]) => comparePaths(a, b)))
}

async function readCopy(source: string, target: string): Promise<readonly (readonly [string, Buffer])[]> {
  if (!target.endsWith('/')) return [[target, await readFile(source)]]
  const files = await readFolder(source.slice(0, -1))
  return files.map(([path, bytes]) => [`${target}${path}`, bytes])
}

function filled(bytes: Buffer, version: string): Uint8Array {
  return Buffer.from(bytes.toString().replaceAll('{{version}}', version))
}

function packageJson(version: string): Uint8Array {
  return Buffer.from(
    `${JSON.stringify({ private: true, devDependencies: { barbacane: version } }, null, 2)}\n`,
  )
}
