import type { Finding, JsonSchema } from '../../domain/index.ts'
import type { DocumentSet } from '../document/index.ts'
import { printBundle, reachDrafts } from './bundle.ts'
import {
  DraftTarget,
  type Dialect,
  type Direction,
  type Draft,
  type ReportSchemaFault,
  type SchemaFault,
  type SchemaPlace,
} from './draft.ts'
import { createDrafts, type Drafts } from './drafts.ts'
import { sharedDryRun, type DryRunFault } from './dry-run.ts'
import { createEndlessCheck } from './endless.ts'
import { locateFault } from './locate-fault.ts'
import { plainDrafts } from './plain-drafts.ts'
import { plainLevels } from './plain-schema.ts'
import { printDraft } from './print-draft.ts'

/** The schemas of a plan, each distinct one once. */
export interface SchemaTable {
  /**
   * Adds the schema that is written at a place, or the union of several, and gives its index; null for a schema that
   * accepts anything. `dialect` is that of the description that the place is reached from.
   */
  readonly add: (places: readonly SchemaPlace[], dialect: Dialect, direction?: Direction) => number | null
  /** The canonical JSON (RFC 8785) of all that were added, whatever is wrong with them. */
  readonly texts: () => readonly string[]
  /**
   * Makes certain that the gateway compiles every schema; gives the canonical JSON (RFC 8785) of all, and all that was
   * found wrong with them.
   */
  readonly finish: () => {
    readonly texts: readonly string[]
    /** The patterns in them that the gateway must not match by backtracking, as the plan has them. */
    readonly guarded: ReadonlyMap<string, string | null>
    readonly findings: readonly Finding[]
  }
}

interface Entry {
  readonly drafts: Drafts
  readonly root: Draft
  readonly reached: readonly Draft[]
  readonly text: string
}

export function createSchemaTable(set: DocumentSet): SchemaTable {
  const findings = new Map<string, Finding>()
  const report = (fault: SchemaFault): void => {
    const finding = toFinding(fault)
    findings.set(`${fault.at.document.path}#${fault.at.pointer} ${fault.message}`, finding)
  }
  const guarded = new Map<string, string | null>()
  const indexOfText = new Map<string, number>()
  const entries: Entry[] = []
  const reach = (root: Draft, drafts: Drafts): readonly Draft[] | undefined => {
    const reached = reachDrafts(root, drafts, MAX_DEFINITIONS)
    if (reached !== undefined) return reached
    const message = `The schema refers, by way of others, to more than ${MAX_DEFINITIONS} schemas`
    report({ at: root.place, message, hint: 'Describe the request by a smaller part of the model.' })
    return undefined
  }
  const insert = (root: Draft, reached: readonly Draft[], drafts: Drafts): number | null => {
    const text = printBundle(root, reached)
    if (text === 'true' || text === '{}') return null
    const known = indexOfText.get(text)
    if (known !== undefined) return known
    indexOfText.set(text, entries.length)
    return entries.push({ drafts, root, reached, text }) - 1
  }
  const open = (direction: Direction): SchemaTable['add'] => {
    const drafts = createDrafts(set, direction, { report, guarded })
    const checkEndless = createEndlessCheck(drafts, report)
    const indexOfDraft = new Map<string, number | null>()
    return (places, dialect) => {
      const root = rootDraft(places.map((place) => drafts.at(place, dialect)))
      const known = indexOfDraft.get(root.key)
      if (known !== undefined) return known
      // First of all, for nothing else has an end where there are ways without number.
      const reached = reach(root, drafts)
      if (reached !== undefined) checkEndless(root)
      const index = reached === undefined ? null : insert(root, reached, drafts)
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
    texts: () => entries.map(({ text }) => text),
    finish: () => {
      const groups = [...Map.groupBy(entries, ({ drafts }) => drafts)]
      for (const [drafts, group] of groups) checkByMetaSchema(group, drafts, report)
      // What is known to be wrong would only be said again, in other words.
      if (findings.size === 0) for (const [drafts, group] of groups) compileUnsure(group, drafts, report)
      return { texts: entries.map(({ text }) => text), guarded, findings: [...findings.values()] }
    },
  }
}

function checkByMetaSchema(entries: readonly Entry[], drafts: Drafts, report: ReportSchemaFault): void {
  const dryRun = sharedDryRun()
  for (const draft of new Set(entries.flatMap(({ root, reached }) => [root, ...reached]))) {
    if (plainLevels(draft) < Infinity) continue
    // By itself: where references lead makes no difference.
    const schema = JSON.parse(printDraft(draft, () => 'other')) as JsonSchema
    reportFaults(draft, drafts, dryRun.check(schema), report)
  }
}

function compileUnsure(entries: readonly Entry[], drafts: Drafts, report: ReportSchemaFault): void {
  const dryRun = sharedDryRun()
  const roots = entries.map(({ root }) => root)
  const plain = plainDrafts(roots, drafts)
  for (const { root, text } of entries) {
    if (plain.has(root)) continue
    reportFaults(root, drafts, dryRun.compile(JSON.parse(text) as JsonSchema), report)
  }
}

function reportFaults(
  draft: Draft,
  drafts: Drafts,
  faults: readonly DryRunFault[],
  report: ReportSchemaFault,
): void {
  for (const { pointer, reason } of faults) {
    const at = locateFault(draft, drafts, pointer)
    report({ at, message: `The schema is not valid here: ${reason}`, hint: INVALID })
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
  return { key: uses.map(({ key }) => key).join('\n'), place, schema: { anyOf }, uses, known: {} }
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
