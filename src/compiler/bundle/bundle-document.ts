import {
  appendPointer,
  formatPointer,
  isObject,
  parsePointer,
  type JsonObject,
  type JsonValue,
} from '../../domain/index.ts'
import {
  isOpenApi32,
  objectGraph,
  readsAsReference,
  type DocumentSet,
  type GraphNode,
  type NodeType,
  type Place,
  type Resolved,
  type SourceDocument,
} from '../document/index.ts'
import { dialectOf } from '../schema/index.ts'
import { createComponentNames, sectionOf, type ComponentPlace } from './component-names.ts'
import { bundleProblems as problems } from './problems.ts'
import { rebaseUrl } from './rebase-urls.ts'

/** One description that refers to no other file. */
export interface BundledDocument {
  readonly document: JsonObject
  /** How many parts of other files became components. */
  readonly components: number
}

/** A part of a description, and what it is. */
interface Part extends Place {
  readonly type: NodeType
  readonly value: unknown
}

/**
 * Makes one self-contained description of a root document and all that it refers to: parts of other files become
 * components, references within the root stay as they are. The result means what the root did: it compiles to the same
 * routes.
 *
 * @param set loaded without an error.
 * @throws {ProblemError} BCN_BUNDLE_REFUSED, at the place of what cannot be said in one document.
 */
export function bundleDocument(set: DocumentSet, root: SourceDocument): BundledDocument {
  const version = isObject(root.root) ? root.root['openapi'] : undefined
  if (typeof version !== 'string') {
    const reason = `${root.path} is not a description of OpenAPI`
    throw problems.BCN_BUNDLE_REFUSED({ reason, fix: 'Name a description that begins with `openapi`.' })
  }
  const bundling = new Bundling(set, root, version)
  return bundling.run()
}

class Bundling {
  readonly #set: DocumentSet
  readonly #root: SourceDocument
  readonly #version: string
  readonly #adopted: ReadonlyMap<string, ReadonlyMap<string, Resolved>>
  readonly #names: ReturnType<typeof createComponentNames>
  readonly #waiting: (ComponentPlace & { readonly part: Part })[] = []
  readonly #added = new Map<string, Map<string, JsonValue>>()
  /** The objects around the one that is being copied. */
  readonly #around = new Set<unknown>()

  constructor(set: DocumentSet, root: SourceDocument, version: string) {
    this.#set = set
    this.#root = root
    this.#version = version
    this.#adopted = this.#findAdopted()
    this.#names = createComponentNames(root, this.#adopted)
  }

  run(): BundledDocument {
    this.#refuseDynamicReferences()
    const part: Part = { type: 'document', document: this.#root, pointer: '', value: this.#root.root }
    const document = this.#copy(part) as JsonObject
    let components = 0
    // What is copied may refer to more.
    for (const { section, name, part: next } of this.#waiting) {
      this.#sectionFor(section).set(name, this.#copy(next))
      components += 1
    }
    if (this.#added.size === 0) return { document, components }
    return { document: this.#withAdded(document), components }
  }

  #withAdded(document: JsonObject): JsonObject {
    const own = (document['components'] ?? {}) as JsonObject
    const added = [...this.#added].map(([section, members]) => {
      return [section, { ...(own[section] as JsonObject | undefined), ...Object.fromEntries(members) }]
    })
    return { ...document, components: { ...own, ...(Object.fromEntries(added) as JsonObject) } }
  }

  #sectionFor(section: string): Map<string, JsonValue> {
    const known = this.#added.get(section) ?? new Map<string, JsonValue>()
    this.#added.set(section, known)
    return known
  }

  /** Components of the root that are nothing but a reference to another file: they are what it becomes. */
  #findAdopted(): ReadonlyMap<string, ReadonlyMap<string, Resolved>> {
    const adopted = new Map<string, Map<string, Resolved>>()
    for (const node of this.#componentsOfRoot()) {
      const [, section = '', name = ''] = parsePointer(node.pointer)
      const target = this.#set.resolve(node, String(node.value['$ref']))
      if (target === undefined || target.document === this.#root) continue
      const targets = adopted.get(section) ?? new Map<string, Resolved>()
      adopted.set(section, targets)
      const isKnown = [...targets.values()].some((other) => isSamePlace(other, target))
      if (!isKnown) targets.set(name, target)
    }
    return adopted
  }

  #componentsOfRoot(): readonly GraphNode[] {
    return this.#set.graph().nodes.filter(({ document, pointer, value }) => {
      const isComponent = document === this.#root && /^\/components\/[^/]*\/[^/]*$/.test(pointer)
      return isComponent && typeof value['$ref'] === 'string' && Object.keys(value).length === 1
    })
  }

  #copy(part: Part): JsonValue {
    const { value } = part
    if (!isObject(value)) return value as JsonValue
    if (this.#around.has(value))
      throw refusal(part, HOLDS_ITSELF, 'Write a `$ref` to a component in its place.')
    this.#around.add(value)
    const copied = this.#adoptedAt(part) ?? this.#inlined(part) ?? this.#copyMembers(part, value)
    this.#around.delete(value)
    return copied
  }

  #adoptedAt({ document, pointer }: Part): JsonValue | undefined {
    if (document !== this.#root) return undefined
    const [first, section, name, ...below] = parsePointer(pointer)
    if (first !== 'components' || section === undefined || name === undefined || below.length > 0)
      return undefined
    const target = this.#adopted.get(section)?.get(name)
    const type = TYPES.get(section)
    return target === undefined || type === undefined ? undefined : this.#copy({ ...target, type })
  }

  /** A reference to what no section of `components` holds is what it refers to. */
  #inlined(part: Part): JsonValue | undefined {
    const { type, value } = part
    const ref = isObject(value) ? value['$ref'] : undefined
    if (typeof ref !== 'string' || type === 'document' || sectionOf(type, this.#version) !== undefined)
      return undefined
    const target = this.#set.resolve(part, ref)
    if (target === undefined || target.document === this.#root) return undefined
    return this.#copy({ ...target, type })
  }

  #copyMembers(part: Part, value: Readonly<Record<string, unknown>>): JsonObject {
    const { type, document, pointer } = part
    const { members, free } = objectGraph[type]
    const copied = Object.entries(value).flatMap(([key, member]): [string, JsonValue][] => {
      const at: Part = { type, document, pointer: appendPointer(pointer, key), value: member }
      if (type === 'schema' && DROPPED.has(key) && this.#isForeign(part)) return []
      const referring = this.#copyReferring(part, key, member)
      if (referring !== undefined) return [[key, referring]]
      const edge = members.get(key)
      if (edge === undefined) {
        const isNamed = free !== undefined && !key.startsWith('x-') && isObject(member)
        const urls = { from: document.path, to: this.#root.path }
        return [
          [
            key,
            isNamed ? this.#copy({ ...at, type: free }) : (rebaseUrl(type, key, member, urls) as JsonValue),
          ],
        ]
      }
      const isOne = edge.shape === 'one' && !Array.isArray(member)
      return [
        [key, isOne ? this.#copy({ ...at, type: edge.type }) : this.#copyHeld({ ...at, type: edge.type })],
      ]
    })
    return Object.fromEntries(copied)
  }

  /** Members that refer each in a way of their own. */
  #copyReferring(part: Part, key: string, member: unknown): JsonValue | undefined {
    const { type } = part
    if (key === '$ref' && typeof member === 'string' && type !== 'components')
      return this.#rewrite(part, member)
    if (key === 'discriminator' && type === 'schema') return this.#copyDiscriminator(part, member)
    const isRequired = key === 'security' && (type === 'document' || type === 'operation')
    if (!isRequired || !isOpenApi32(this.#root)) return undefined
    return this.#copySecurity({ ...part, type: 'securityScheme' }, member)
  }

  /** A list or a map of parts. */
  #copyHeld({ type, document, pointer, value }: Part): JsonValue {
    const copyAt = (name: string | number, member: unknown) =>
      this.#copy({ type, document, pointer: appendPointer(pointer, name), value: member })
    if (Array.isArray(value)) return value.map((member, index) => copyAt(index, member))
    if (!isObject(value)) return value as JsonValue
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyAt(name, member)]))
  }

  /** True below what names itself, and in other files: references from there are written anew. */
  #isForeign({ document, pointer }: Place): boolean {
    return document !== this.#root || this.#set.resourceAt({ document, pointer }).pointer !== ''
  }

  #rewrite(part: Part, ref: string): string {
    const target = this.#set.resolve(part, ref)
    // Lint tells of references that lead nowhere, and loading has.
    if (target === undefined) return ref
    if (target.document === this.#root) {
      return ref.startsWith('#') && !this.#isForeign(part) ? ref : fragmentOf(target.pointer)
    }
    const section = sectionOf(part.type, this.#version)
    if (section === undefined) return ref
    this.#refuseOtherDialect(part, target)
    const { isNew, ...place } = this.#names.placeOf(section, target)
    if (isNew) this.#waiting.push({ ...place, part: { ...target, type: part.type } })
    return fragmentOf(formatPointer(['components', place.section, place.name]))
  }

  /** Security requirements, of which names may be references. */
  #copySecurity(part: Part, value: unknown): JsonValue {
    if (!Array.isArray(value)) return value as JsonValue
    const rewritten = (name: string): string => (readsAsReference(name) ? this.#rewrite(part, name) : name)
    return value.map((requirement: JsonValue): JsonValue => {
      if (!isObject(requirement)) return requirement
      return Object.fromEntries(
        Object.entries(requirement).map(([name, scopes]) => [rewritten(name), scopes]),
      )
    })
  }

  #copyDiscriminator(part: Part, value: unknown): JsonValue {
    if (!isObject(value)) return value as JsonValue
    const rewritten = (text: unknown): unknown => {
      if (typeof text !== 'string') return text
      const ref =
        /^[\w.-]+$/.test(text) && !/\.(ya?ml|json)$/i.test(text) ? `#/components/schemas/${text}` : text
      if (this.#set.resolve(part, ref) === undefined) return text
      const local = this.#rewrite(part, ref)
      return local === ref ? text : local
    }
    const { mapping, defaultMapping } = value
    return {
      ...(value as JsonObject),
      ...(isObject(mapping) && {
        mapping: Object.fromEntries(
          Object.entries(mapping).map(([name, text]) => [name, rewritten(text) as JsonValue]),
        ),
      }),
      ...(defaultMapping !== undefined && { defaultMapping: rewritten(defaultMapping) as JsonValue }),
    }
  }

  #refuseOtherDialect(part: Part, target: Resolved): void {
    const [own, other] = [
      dialectOf(this.#root, '2020-12'),
      dialectOf(target.document, dialectOf(this.#root, '2020-12')),
    ]
    if (own === other) return
    const reason = `${target.document.path} is of another version of OpenAPI, in which schemas mean something else`
    throw refusal(part, reason, 'Bring both to the same version.')
  }

  /** Where they lead follows from the resources on the way, which a bundle does not have. */
  #refuseDynamicReferences(): void {
    const { references } = this.#set.graph()
    const isAlone = references.every(({ target }) => target === undefined || target.document === this.#root)
    const dynamic = isAlone ? undefined : references.find(({ keyword }) => keyword === '$dynamicRef')
    if (dynamic === undefined) return
    const reason = 'where a `$dynamicRef` leads depends on the files that it is reached through'
    throw refusal(dynamic.node, reason, 'Write a `$ref`, or put all into one file.')
  }
}

const HOLDS_ITSELF = 'a part holds itself, by an alias of YAML or as a path item of OpenAPI 3.0'

/** What a schema is found by; every reference is written as a place in the bundle. */
const DROPPED = new Set(['$id', '$anchor', '$dynamicAnchor'])

const TYPES: ReadonlyMap<string, NodeType> = new Map(
  [...objectGraph.components.members].map(([section, { type }]) => [section, type]),
)

function refusal({ document, pointer }: Place, reason: string, fix: string) {
  return problems.BCN_BUNDLE_REFUSED({ reason, fix }, { at: document.locate(pointer) })
}

function isSamePlace(one: Place, other: Place): boolean {
  return one.document === other.document && one.pointer === other.pointer
}

/** A pointer as the fragment of a URI (RFC 6901 §6). */
function fragmentOf(pointer: string): string {
  return `#${encodeURI(pointer).replaceAll('#', '%23').replaceAll('?', '%3F')}`
}
