import { isObject, parsePointer } from '../../domain/index.ts'
import type { NodeType, Resolved, SourceDocument } from '../document/index.ts'

/** The section of `components` that objects of a type are kept in, by the version of OpenAPI. */
export function sectionOf(type: NodeType, version: string): string | undefined {
  if (type === 'pathItem' && version.startsWith('3.0.')) return undefined
  if (type === 'mediaType' && !version.startsWith('3.2.')) return undefined
  return SECTIONS[type]
}

const SECTIONS: Partial<Readonly<Record<NodeType, string>>> = {
  schema: 'schemas',
  response: 'responses',
  parameter: 'parameters',
  example: 'examples',
  requestBody: 'requestBodies',
  header: 'headers',
  securityScheme: 'securitySchemes',
  link: 'links',
  callback: 'callbacks',
  pathItem: 'pathItems',
  mediaType: 'mediaTypes',
}

/** Where a part of another file stands in the bundle. */
export interface ComponentPlace {
  readonly section: string
  readonly name: string
}

/** Gives the parts of other files their places: each one, and no two the same. */
export interface ComponentNames {
  readonly placeOf: (section: string, target: Resolved) => ComponentPlace & { readonly isNew: boolean }
}

/**
 * Names are those of the places that parts are written at, the name of the file where a part is the whole of it, with a
 * number behind them where they are taken. A component of the root that is nothing but a reference is taken for what it
 * refers to.
 *
 * @param adopted parts that components of the root stand for, by their names in each section.
 */
export function createComponentNames(
  root: SourceDocument,
  adopted: ReadonlyMap<string, ReadonlyMap<string, Resolved>>,
): ComponentNames {
  const places = new Map<string, ComponentPlace>()
  const taken = new Map<string, Set<string>>()
  const components = isObject(root.root) && isObject(root.root['components']) ? root.root['components'] : {}
  for (const [section, members] of Object.entries(components)) {
    taken.set(section, new Set(isObject(members) ? Object.keys(members) : []))
  }
  for (const [section, targets] of adopted) {
    for (const [name, target] of targets) places.set(keyOf(section, target), { section, name })
  }
  return {
    placeOf: (section, target) => {
      const key = keyOf(section, target)
      const known = places.get(key)
      if (known !== undefined) return { ...known, isNew: false }
      const names = taken.get(section) ?? new Set()
      taken.set(section, names)
      const name = freeName(baseName(target), names)
      names.add(name)
      places.set(key, { section, name })
      return { section, name, isNew: true }
    },
  }
}

/** One for each part and section: a schema and a parameter may be the same text. */
function keyOf(section: string, { document, pointer }: Resolved): string {
  return `${section} ${document.path}#${pointer}`
}

function freeName(base: string, taken: ReadonlySet<string>): string {
  let name = base
  for (let number = 2; taken.has(name); number += 1) name = `${base}_${number}`
  return name
}

/** The characters that a component may be named with (OpenAPI 3.1 §4.8.7). */
function baseName({ document, pointer }: Resolved): string {
  const file = document.path.replace(/^.*\//, '').replace(/\.[^.]*$/, '')
  const name = (parsePointer(pointer).at(-1) ?? file).replaceAll(/[^\w.-]/g, '_')
  return name === '' || name === '__proto__' ? 'part' : name
}
