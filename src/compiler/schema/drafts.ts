import type { DocumentSet } from '../document/index.ts'
import { convertSchema } from './convert-schema.ts'
import { dialectOf } from './dialect.ts'
import type { Dialect, Draft, DraftUse, ReportFault, SchemaPlace } from './draft.ts'

/** The converted schemas of a set of documents, each converted once for each dialect that it is used in. */
export interface Drafts {
  readonly at: (place: SchemaPlace, inherited: Dialect) => Draft
  /** A draft that another one refers to. */
  readonly get: (key: string) => Draft
  /** Where a converted object is written, if it is one. */
  readonly originOf: (schema: object) => SchemaPlace | undefined
}

export function createDrafts(set: DocumentSet, report: ReportFault): Drafts {
  const drafts = new Map<string, Draft>()
  const places = new Map<string, { readonly place: SchemaPlace; readonly dialect: Dialect }>()
  const origins = new WeakMap<object, SchemaPlace>()

  const keyOf = (place: SchemaPlace, inherited: Dialect): string => {
    const dialect = dialectOf(place.document, inherited)
    const key = `${dialect} ${place.document.path}#${place.pointer}`
    if (!places.has(key)) places.set(key, { place, dialect })
    return key
  }
  const get = (key: string): Draft => {
    const known = drafts.get(key)
    if (known !== undefined) return known
    const { place, dialect } = places.get(key) as { place: SchemaPlace; dialect: Dialect }
    const uses: DraftUse[] = []
    const schema = convertSchema(place, {
      set,
      dialect,
      report,
      targetOf: (from, ref) => {
        const target = set.resolve(from.document, ref)
        return target === undefined ? undefined : keyOf(target, dialect)
      },
      origin: (object, at) => origins.set(object, at),
      uses,
    })
    const draft: Draft = { key, place, schema, uses }
    drafts.set(key, draft)
    return draft
  }
  return {
    at: (place, inherited) => get(keyOf(place, inherited)),
    get,
    originOf: (schema) => origins.get(schema),
  }
}
