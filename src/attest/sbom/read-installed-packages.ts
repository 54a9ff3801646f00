import { readFile, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'

import { comparePaths, ifFound, isObject } from '../../domain/index.ts'
import type { CompilerPackages, InstalledPackage } from './sbom-request.ts'

/**
 * The package in a folder and every package that it depends on, as they are installed: package.json files along the
 * resolution of Node, checksums from npm's lockfile where there is one. Ordered by name and version.
 */
export async function readInstalledPackages(packageRoot: string): Promise<CompilerPackages> {
  const integrityOf = await readLockfile(packageRoot)
  const found = new Map<string, InstalledPackage>()
  const identities = new Map<string, string>()
  const visit = async (folder: string): Promise<string> => {
    const known = identities.get(folder)
    if (known !== undefined) return known
    const description = await readJson(join(folder, 'package.json'))
    const name = textOf(description['name']) ?? folder
    const version = textOf(description['version']) ?? '0.0.0'
    const identity = `${name}@${version}`
    identities.set(folder, identity)
    const dependsOn: string[] = []
    for (const dependency of dependencyNames(description)) {
      const target = await resolvePackage(folder, dependency)
      if (target !== undefined) dependsOn.push(await visit(target))
    }
    const merged = new Set([...(found.get(identity)?.dependsOn ?? []), ...dependsOn])
    const license = textOf(description['license'])
    const sha512 = integrityOf(folder)
    found.set(identity, { name, version, license, sha512, dependsOn: [...merged].toSorted(comparePaths) })
    return identity
  }
  const own = await visit(packageRoot)
  const compiler = found.get(own)
  if (compiler === undefined) throw new TypeError(`${packageRoot} holds no package`)
  found.delete(own)
  const dependencies = [...found].toSorted(([a], [b]) => comparePaths(a, b)).map(([, each]) => each)
  return { compiler, dependencies }
}

// Peers are installed by whoever depends on the package, optional ones only on some platforms.
function dependencyNames(description: Record<string, unknown>): readonly string[] {
  const { dependencies, optionalDependencies } = description
  return [...new Set([dependencies, optionalDependencies].filter(isObject).flatMap(Object.keys))].toSorted(
    comparePaths,
  )
}

async function resolvePackage(from: string, name: string): Promise<string | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if ((await ifFound(stat(join(candidate, 'package.json')))) !== undefined) return candidate
    if (dirname(folder) === folder) return undefined
  }
}

async function readLockfile(packageRoot: string): Promise<(folder: string) => string | undefined> {
  for (let folder = packageRoot; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', '.package-lock.json')
    if ((await ifFound(stat(path))) !== undefined) {
      const { packages } = await readJson(path)
      return (installed) => {
        const entry = isObject(packages)
          ? packages[relative(folder, installed).split(sep).join('/')]
          : undefined
        return isObject(entry) ? sha512Of(entry['integrity']) : undefined
      }
    }
    if (dirname(folder) === folder) return () => undefined
  }
}

function sha512Of(integrity: unknown): string | undefined {
  const encoded =
    typeof integrity === 'string' ? /(?:^| )sha512-([A-Za-z0-9+/=]+)/.exec(integrity)?.[1] : undefined
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('hex')
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  const value: unknown = JSON.parse(await readFile(path, 'utf8'))
  return isObject(value) ? value : {}
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
