import type { DocumentSet, SourceDocument } from '../document/index.ts'
import { convertSchema, type Conversion } from './convert-schema.ts'
import { dialectOf } from './dialect.ts'
import type {
  Dialect,
  Direction,
  Draft,
  DraftContext,
  DraftUse,
  Findings,
  SchemaPlace,
  TargetOf,
} from './draft.ts'
import { createDynamicReach } from './dynamic-reach.ts'
import { EMPTY_SCOPE, enterResource, resolveDynamic } from './dynamic-scope.ts'
import { createOneWayReader, requiredElsewhere } from './one-way.ts'

/** The converted schemas of a set of documents, each converted once for each context that it is used in. */
export interface Drafts {
  readonly at: (place: SchemaPlace, inherited: Dialect) => Draft
  /** A draft that another one refers to. */
  readonly get: (key: string) => Draft
  /** Converts a draft again, to tell where each object of it is written; undefined for one that no place is written as. */
  readonly trace: (draft: Draft) => TracedDraft | undefined
}

/** What nobody needs to know of a draft in which nothing is wrong. */
export interface TracedDraft {
  readonly schema: Draft['schema']
  readonly originOf: (schema: object) => SchemaPlace | undefined
}

export function createDrafts(set: DocumentSet, direction: Direction, findings: Findings): Drafts {
  const drafts = new Map<string, Draft>()
  const places = new Map<string, { readonly place: SchemaPlace; readonly context: DraftContext }>()
  const isDynamic = createDynamicReach(set)

  const prefixOf = createPrefixes()
  const keyOf = (place: SchemaPlace, given: DraftContext): string => {
    const dialect = dialectOf(place.document, given.dialect)
    const scope = isDynamic(place.value) ? enterResource(given.scope, place, set) : EMPTY_SCOPE
    const key = prefixOf({ dialect, scope, hidden: given.hidden }, place.document) + place.pointer
    if (!places.has(key)) places.set(key, { place, context: { ...given, dialect, scope } })
    return key
  }
  const readers = {
    '3.0': createOneWayReader(set, '3.0', direction),
    '2020-12': createOneWayReader(set, '2020-12', direction),
  }
  const targetOf = (dialect: Dialect): TargetOf => {
    return (from, ref, { keyword, scope, hidden }) => {
      const resolved = set.resolve(from, ref)
      if (resolved === undefined) return undefined
      const target = keyword === '$ref' ? resolved : resolveDynamic(resolved, scope)
      return keyOf(target, { dialect, scope, hidden: requiredElsewhere(hidden, target, readers[dialect]) })
    }
  }
  const targetsOf = { '3.0': targetOf('3.0'), '2020-12': targetOf('2020-12') }
  const convert = (key: string, origin: Conversion['origin']): Draft | undefined => {
    const known = places.get(key)
    if (known === undefined) return undefined
    const { place, context } = known
    const { dialect, scope, hidden } = context
    const uses: DraftUse[] = []
    const schema = convertSchema(place, {
      set,
      dialect,
      scope,
      hidden,
      oneWay: readers[dialect],
      ...findings,
      targetOf: targetsOf[dialect],
      origin,
      uses,
    })
    return { key, place, schema, uses, known: {} }
  }
  const get = (key: string): Draft => {
    let draft = drafts.get(key)
    if (draft === undefined) drafts.set(key, (draft = convert(key, undefined) as Draft))
    return draft
  }
  return {
    at: (place, dialect) => get(keyOf(place, { dialect, scope: EMPTY_SCOPE, hidden: [] })),
    get,
    trace: ({ key }) => {
      const origins = new Map<object, SchemaPlace>()
      const draft = convert(key, (object, at) => origins.set(object, at))
      return draft && { schema: draft.schema, originOf: (schema) => origins.get(schema) }
    },
  }
}

/** Numbers documents by the contexts that they are read in: keys are short then, and each is asked for many times. */
function createPrefixes(): (context: DraftContext, document: SourceDocument) => string {
  const numbers = new Map<string, number>()
  const plain = { '3.0': new Map<SourceDocument, string>(), '2020-12': new Map<SourceDocument, string>() }
  const numberOf = ({ dialect, scope, hidden }: DraftContext, { path }: SourceDocument): string => {
    const context = JSON.stringify([dialect, path, hidden, scope.key])
    const number = numbers.get(context) ?? numbers.size
    numbers.set(context, number)
    return `${number}#`
  }
  return (context, document) => {
    const { dialect, scope, hidden } = context
    if (scope !== EMPTY_SCOPE || hidden.length > 0) return numberOf(context, document)
    let prefix = plain[dialect].get(document)
    if (prefix === undefined) plain[dialect].set(document, (prefix = numberOf(context, document)))
    return prefix
  }
}
