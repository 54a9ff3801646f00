import { canonicalJson, type Finding, type JsonSchema } from '../../domain/index.ts'
import type { DocumentSet } from '../document/index.ts'
import { bundle, reachDrafts, type Bundle } from './bundle.ts'
import {
  DraftTarget,
  type Dialect,
  type Direction,
  type Draft,
  type SchemaFault,
  type SchemaPlace,
} from './draft.ts'
import { createDrafts, type Drafts } from './drafts.ts'
import { sharedDryRun, type DryRunFault } from './dry-run.ts'
import { createEndlessCheck } from './endless.ts'
import { isPlain } from './is-plain.ts'
import { locateFault } from './locate-fault.ts'

/** The schemas of a plan, each distinct one once. */
export interface SchemaTable {
  /**
   * Adds the schema that is written at a place, or the union of several, and gives its index; null for a schema that
   * accepts anything. `dialect` is that of the description that the place is reached from.
   */
  readonly add: (places: readonly SchemaPlace[], dialect: Dialect, direction?: Direction) => number | null
  /** Compiles every schema as the gateway will; gives all schemas and all that was found wrong with them. */
  readonly finish: () => { readonly schemas: readonly JsonSchema[]; readonly findings: readonly Finding[] }
}

interface Entry {
  readonly drafts: Drafts
  readonly root: Draft
  readonly bundle: Bundle
}

export function createSchemaTable(set: DocumentSet): SchemaTable {
  const findings = new Map<string, Finding>()
  const report = (fault: SchemaFault): void => {
    const finding = toFinding(fault)
    findings.set(`${fault.at.document.path}#${fault.at.pointer} ${fault.message}`, finding)
  }
  const indexOfText = new Map<string, number>()
  const entries: Entry[] = []
  const insert = (root: Draft, drafts: Drafts): number | null => {
    const reached = reachDrafts(root, drafts, MAX_DEFINITIONS)
    if (reached === undefined) {
      const message = `The schema refers, by way of others, to more than ${MAX_DEFINITIONS} schemas`
      report({ at: root.place, message, hint: 'Describe the request by a smaller part of the model.' })
      return null
    }
    const made = bundle(root, reached)
    const text = canonicalJson(made.schema)
    if (text === 'true' || text === '{}') return null
    const known = indexOfText.get(text)
    if (known !== undefined) return known
    indexOfText.set(text, entries.length)
    return entries.push({ drafts, root, bundle: made }) - 1
  }
  const open = (direction: Direction): SchemaTable['add'] => {
    const drafts = createDrafts(set, direction, report)
    const checkEndless = createEndlessCheck(drafts, report)
    const indexOfDraft = new Map<string, number | null>()
    return (places, dialect) => {
      const root = rootDraft(places.map((place) => drafts.at(place, dialect)))
      const known = indexOfDraft.get(root.key)
      if (known !== undefined) return known
      checkEndless(root)
      const index = insert(root, drafts)
      indexOfDraft.set(root.key, index)
      return index
    }
  }
  const adders = new Map<Direction, SchemaTable['add']>()
  return {
    add: (places, dialect, direction = 'request') => {
      const add = adders.get(direction) ?? open(direction)
      adders.set(direction, add)
      return add(places, dialect)
    },
    finish: () => {
      const dryRun = sharedDryRun()
      const run = (faultsOf: (schema: JsonSchema) => readonly DryRunFault[]): void => {
        for (const { drafts, root, bundle: made } of entries) {
          for (const { pointer, reason } of faultsOf(made.schema)) {
            const at = locateFault(root, made, drafts, pointer)
            report({ at, message: `The schema is not valid here: ${reason}`, hint: INVALID })
          }
        }
      }
      run(dryRun.check)
      // What is known to be wrong would only be said again, in other words.
      if (findings.size === 0) run((schema) => (isPlain(schema) ? [] : dryRun.compile(schema)))
      const schemas = entries.map((entry) => entry.bundle.schema)
      return { schemas, findings: [...findings.values()] }
    },
  }
}

// The validator takes time that grows with the square of it; the richest real models have less than a thousand.
const MAX_DEFINITIONS = 2000

const INVALID = 'Correct it by JSON Schema 2020-12, or by the schema object of OpenAPI 3.0.'

/** References that are a whole schema have what they lead to as their root, so that it is bundled once. */
function rootDraft(drafts: readonly Draft[]): Draft {
  const [first] = drafts
  if (first !== undefined && drafts.length === 1) return viaTarget(first)
  const uses = drafts.map(({ key }) => ({ key, inPlace: true }))
  const anyOf = uses.map(({ key }) => ({ $ref: new DraftTarget(key) }))
  const place = first?.place as SchemaPlace
  return { key: uses.map(({ key }) => key).join('\n'), place, schema: { anyOf }, uses }
}

function viaTarget(draft: Draft): Draft {
  const { schema } = draft
  if (typeof schema === 'boolean' || Object.keys(schema).length !== 1) return draft
  const target = schema['$ref']
  if (!(target instanceof DraftTarget)) return draft
  return { ...draft, key: `-> ${target.key}` }
}

function toFinding({ at, message, hint }: SchemaFault): Finding {
  return {
    rule: 'schema-compiles',
    severity: 'error',
    message,
    hint,
    at: at.document.locate(at.pointer),
  }
}
