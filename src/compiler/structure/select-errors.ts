import type { ErrorObject } from 'ajv'

import { appendPointer } from '../../domain/index.ts'
import { knownMembers } from './known-members.ts'

/**
 * Leaves those errors of ajv that name a cause. It drops what repeats a deeper error: the wrappers `if` and `propertyNames`, members
 * that count as unevaluated only because something in them is wrong, and of alternatives those that were not meant.
 */
export function selectErrors(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const causes = withoutOtherBranches(errors).filter((error) => !WRAPPERS.has(error.keyword))
  const faulty = new Set(causes.flatMap((error) => prefixesOf(error.instancePath)))
  const others = causes.filter((error) => error.keyword !== UNEVALUATED)
  const blamed = new Set(others.flatMap((error) => prefixesOf(error.instancePath)))
  const selected = causes.filter((error) => !isConsequence(error, faulty, blamed))
  const seen = new Set<string>()
  return selected.filter((error) => {
    const empty = error.keyword === 'required' && hasTooFew(selected, error.instancePath)
    const id = `${error.instancePath} ${error.keyword} ${JSON.stringify(error.params)}`
    if (empty || seen.has(id)) return false
    seen.add(id)
    return true
  })
}

const WRAPPERS = new Set(['if', 'propertyNames'])

const UNEVALUATED = 'unevaluatedProperties'

/** ajv forgets which members were evaluated as soon as one of the subschemas that evaluate them fails. */
function isConsequence(
  error: ErrorObject,
  faulty: ReadonlySet<string>,
  blamed: ReadonlySet<string>,
): boolean {
  if (error.keyword !== UNEVALUATED) return false
  const name = String(error.params['unevaluatedProperty'])
  // Where nothing else is wrong, a known member is one that may not stand beside the others.
  if (blamed.has(error.instancePath) && knownMembers(error.parentSchema).has(name)) return true
  return faulty.has(appendPointer(error.instancePath, name))
}

function hasTooFew(errors: readonly ErrorObject[], instancePath: string): boolean {
  return errors.some((error) => error.instancePath === instancePath && error.keyword === 'minProperties')
}

function prefixesOf(pointer: string): readonly string[] {
  const prefixes = [pointer]
  for (let slash = pointer.lastIndexOf('/'); slash > 0; slash = pointer.lastIndexOf('/', slash - 1)) {
    prefixes.push(pointer.slice(0, slash))
  }
  return prefixes
}

const ALTERNATIVES = new Set(['oneOf', 'anyOf'])

/** Replaces the errors of all branches of a `oneOf` or `anyOf` by those of the branch that fits best. */
function withoutOtherBranches(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  let kept: ErrorObject[] = []
  for (const error of errors) {
    if (!ALTERNATIVES.has(error.keyword)) {
      kept.push(error)
      continue
    }
    const ofBranch = branchesOf(error)
    const branches = Map.groupBy(kept, ofBranch)
    const rest = branches.get(undefined) ?? []
    branches.delete(undefined)
    const all = [...branches.values()]
    // Alternatives that only ask for a member say more together than one of them alone.
    const best = all.flat().every(isRequiredHere(error)) ? undefined : bestBranch(all)
    kept = [...rest, ...(best ?? [error])]
  }
  return kept
}

function isRequiredHere(choice: ErrorObject): (error: ErrorObject) => boolean {
  return (error) => error.keyword === 'required' && error.instancePath === choice.instancePath
}

function branchesOf(choice: ErrorObject): (error: ErrorObject) => string | undefined {
  const schemas: readonly unknown[] = Array.isArray(choice.schema) ? choice.schema : []
  const prefixes = schemas.flatMap((schema, index) => [
    `${choice.schemaPath}/${index}/`,
    ...(hasReference(schema) ? [`${schema.$ref}/`] : []),
  ])
  const isInside = (path: string) =>
    path === choice.instancePath || path.startsWith(`${choice.instancePath}/`)
  return (error) =>
    isInside(error.instancePath) ? prefixes.find((prefix) => error.schemaPath.startsWith(prefix)) : undefined
}

function hasReference(schema: unknown): schema is { readonly $ref: string } {
  return typeof schema === 'object' && schema !== null && '$ref' in schema && typeof schema.$ref === 'string'
}

/** The branch whose `type`, `enum` and `const` agree with the value, then the one with the fewest errors. */
function bestBranch(branches: readonly (readonly ErrorObject[])[]): readonly ErrorObject[] | undefined {
  const score = (branch: readonly ErrorObject[]): number =>
    branch.filter((error) => DECIDING.has(error.keyword)).length * 1000 + branch.length
  const [best, next] = branches.toSorted((a, b) => score(a) - score(b))
  if (best === undefined || next === undefined || score(best) < 1000) return best
  return branches.every((branch) => branch.every((error) => error.keyword === 'enum'))
    ? [mergeEnums(branches.flat())]
    : best
}

const DECIDING = new Set(['type', 'enum', 'const'])

function mergeEnums(errors: readonly ErrorObject[]): ErrorObject {
  const [first] = errors
  if (first === undefined) throw new RangeError('There is no error to merge')
  const allowedValues = errors.flatMap((error) => error.params['allowedValues'] as readonly unknown[])
  return { ...first, params: { ...first.params, allowedValues: [...new Set(allowedValues)] } }
}
