import { formatPointer, type JsonObject, type Parameter } from '../domain/index.ts'
import type { Report } from './change.ts'
import { pathNames, type RoutePair } from './match-operations.ts'

/** Indexes into the schemas of the two plans; null accepts anything. */
export interface SchemaUse {
  readonly before: number | null
  readonly after: number | null
  readonly pointer: string
  /** True where values are read from text by their type. */
  readonly isText: boolean
}

/** The schemas of two plans. */
export interface PlanSchemas {
  readonly compare: (use: SchemaUse) => void
  /** True where a schema of the plan afterwards accepts lists or objects. */
  readonly mayBeStructured: (schema: number | null) => boolean
}

/** Compares the parameters of an operation; those of the path by their place in it, whatever they are called. */
export function compareParameters(pair: RoutePair, schemas: PlanSchemas, report: Report): void {
  const before = renamePathParameters(pair)
  const { parameters: after } = pair.after
  const wasThere = new Map(before.map((parameter) => [keyOf(parameter), parameter]))
  const isThere = new Set(after.map(keyOf))
  const gone = new Set(before.filter((parameter) => !isThere.has(keyOf(parameter))))
  for (const parameter of after) {
    const was = wasThere.get(keyOf(parameter)) ?? takeElsewhere(parameter, gone)
    if (was !== undefined) compareParameter(was, parameter, { schemas, report })
    else {
      const id = parameter.required ? 'parameter-required-added' : 'parameter-optional-added'
      report(id, pointerOf(parameter), { after: summaryOf(parameter) })
    }
  }
  for (const parameter of gone)
    report('parameter-removed', pointerOf(parameter), { before: summaryOf(parameter) })
}

interface Tools {
  readonly schemas: PlanSchemas
  readonly report: Report
}

function compareParameter(was: Parameter, is: Parameter, { schemas, report }: Tools): void {
  const pointer = pointerOf(is)
  if (was.in !== is.in) report('parameter-location-changed', pointer, { before: was.in, after: is.in })
  if (was.required !== is.required) {
    const id = is.required ? 'parameter-made-required' : 'parameter-made-optional'
    report(id, `${pointer}/required`, { before: was.required, after: is.required })
  }
  if (was.in === is.in) compareStyle(was, is, { schemas, report })
  if (was.allow_reserved !== is.allow_reserved) {
    const values = { before: was.allow_reserved, after: is.allow_reserved }
    report('parameter-reserved-changed', `${pointer}/allowReserved`, values)
  }
  if (was.media_type !== is.media_type) {
    const values = { before: was.media_type, after: is.media_type }
    report('parameter-media-type-changed', `${pointer}/content`, values)
  }
  const isText = was.media_type === null && is.media_type === null
  schemas.compare({ before: was.schema, after: is.schema, pointer: `${pointer}/schema`, isText })
}

function compareStyle(was: Parameter, is: Parameter, { schemas, report }: Tools): void {
  const pointer = pointerOf(is)
  if (was.style !== is.style)
    report('parameter-style-changed', `${pointer}/style`, { before: was.style, after: is.style })
  else if (was.explode !== is.explode) {
    const isUsed = schemas.mayBeStructured(is.schema)
    const id = isUsed ? 'parameter-explode-changed' : 'parameter-encoding-unused'
    report(id, `${pointer}/explode`, { before: was.explode, after: is.explode })
  }
}

/** A parameter of the same name that is only found in another place now. */
function takeElsewhere(parameter: Parameter, gone: Set<Parameter>): Parameter | undefined {
  const found = [...gone].find(({ name }) => name === parameter.name)
  if (found !== undefined) gone.delete(found)
  return found
}

function renamePathParameters({ before, after }: RoutePair): readonly Parameter[] {
  const [were, are] = [pathNames(before.path), pathNames(after.path)]
  // Of a path with other parts nothing is known about which is which.
  if (were.length !== are.length) return before.parameters
  return before.parameters.map((parameter) => {
    const renamed = parameter.in === 'path' ? are[were.indexOf(parameter.name)] : undefined
    return renamed === undefined ? parameter : { ...parameter, name: renamed }
  })
}

function keyOf({ in: location, name }: Parameter): string {
  return `${location} ${location === 'header' ? name.toLowerCase() : name}`
}

function pointerOf({ in: location, name }: Parameter): string {
  return `/parameters${formatPointer([location, name])}`
}

function summaryOf({ name, in: location, required }: Parameter): JsonObject {
  return { name, in: location, required }
}
