import type { SbomComponent, SbomKit } from './kit.ts'
import { licensesOf } from './licenses-of.ts'
import type { CompilerPackages, InstalledPackage } from './sbom-request.ts'

/** The compiler as the tool that made the SBOM and as a component, and a component for every package it brings. */
export function compilerComponents(kit: SbomKit, { compiler, dependencies }: CompilerPackages) {
  const { Enums, Models } = kit.library
  const own = packageComponent(kit, compiler, Enums.ComponentType.Application)
  const packages = dependencies.map((each) => packageComponent(kit, each, Enums.ComponentType.Library))
  const components = new Map(
    [compiler, ...dependencies].map((each, index) => [
      `${each.name}@${each.version}`,
      [own, ...packages][index] as SbomComponent,
    ]),
  )
  for (const each of [compiler, ...dependencies]) {
    const component = components.get(`${each.name}@${each.version}`)
    for (const name of each.dependsOn) {
      const dependency = components.get(name)
      if (dependency !== undefined) component?.dependencies.add(dependency.bomRef)
    }
  }
  const tool = new Models.Component(Enums.ComponentType.Application, compiler.name, {
    bomRef: 'tool',
    version: compiler.version,
  })
  return { compiler: own, packages, tool }
}

function packageComponent(
  kit: SbomKit,
  installed: InstalledPackage,
  type: 'application' | 'library',
): SbomComponent {
  const { Enums, Models } = kit.library
  const { name, version, sha512, license } = installed
  const [scope, bare] = name.startsWith('@') ? name.split('/') : [null, name]
  const purl = new kit.PackageURL('npm', scope, bare ?? name, version, null, null).toString()
  return new Models.Component(
    type === 'application' ? Enums.ComponentType.Application : Enums.ComponentType.Library,
    bare ?? name,
    {
      bomRef: purl,
      ...(scope ? { group: scope } : {}),
      version,
      purl,
      // It made the artifact but is no part of it.
      scope: Enums.ComponentScope.Excluded,
      ...(sha512 === undefined
        ? {}
        : { hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-512'], sha512]]) }),
      ...(license === undefined ? {} : { licenses: licensesOf(kit, license) }),
    },
  )
}
