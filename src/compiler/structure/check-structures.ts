import type { ErrorObject, ValidateFunction } from 'ajv'

import { compareFindings, isObject, lastToken, resolvePointer, type Finding } from '../../domain/index.ts'
import {
  walkGraph,
  type DocumentSet,
  type GraphNode,
  type NodeType,
  type SourceDocument,
} from '../document/index.ts'
import { explainErrors } from './explain-errors.ts'
import { specFormat, type OpenapiVersion } from './spec-format.ts'
import { validatorOf } from './validator-of.ts'

/**
 * Checks every root document of a set, and the parts of other files that it refers to, against the official schema of
 * the OpenAPI version that the root declares.
 *
 * Findings, sorted: `spec-format` (E1001) where a root is not OpenAPI 3.0, 3.1 or 3.2, else `openapi-structure` (E1004).
 */
export async function checkStructures(set: DocumentSet): Promise<readonly Finding[]> {
  const findings = new Map<string, Finding>()
  for (const root of set.roots) {
    for (const finding of await checkRoot(set, root)) {
      findings.set(`${finding.at.file}#${finding.at.pointer} ${finding.message}`, finding)
    }
  }
  return [...findings.values()].toSorted(compareFindings)
}

async function checkRoot(set: DocumentSet, root: SourceDocument): Promise<readonly Finding[]> {
  const format = specFormat(root)
  if ('finding' in format) return [format.finding]
  const { version } = format
  // Its structure was checked when it was given paths.
  if (version === 'asyncapi') return []
  const validate = await validatorOf(version)
  const findings = [...ownFindings(root, validate)]
  for (const fragment of foreignFragments(set, root)) {
    if (isKnownValid(fragment, version)) continue
    const stand = standIn(fragment, version)
    if (stand === undefined || validate(stand.document)) {
      rememberValid(fragment, version)
      continue
    }
    const errors = (validate.errors ?? []).flatMap((error) => within(stand.pointer, error))
    findings.push(...explain(errors, fragment.document, fragment.pointer))
  }
  return findings
}

/** Of the root by itself: remembered, for where only another file has changed the root is the same. */
function ownFindings(root: SourceDocument, validate: ValidateFunction): readonly Finding[] {
  const known = remembered.get(root)
  if (known !== undefined) return known
  const findings = validate(root.root) ? [] : explain(validate.errors ?? [], root, '')
  remembered.set(root, findings)
  return findings
}

const remembered = new WeakMap<SourceDocument, readonly Finding[]>()

/** What the root refers to in other files, where no other schema looks at it. */
function foreignFragments(set: DocumentSet, root: SourceDocument): readonly GraphNode[] {
  const isAlone = set
    .graph()
    .references.every(({ node, target }) => target === undefined || target.document === node.document)
  if (isAlone) return []
  const fragments: GraphNode[] = []
  walkGraph([root], {
    follow: ({ node, ref }) => {
      const target = set.resolve(node, ref)
      const isForeign = target !== undefined && target.document !== root
      if (isForeign && isObject(target.value)) {
        fragments.push({ ...target, type: node.type, value: target.value })
      }
      return target
    },
  })
  return fragments
}

/** By what an object is used as; many references lead to the same, and a file that has not changed is the same. */
const known = new WeakMap<object, Set<string>>()

function isKnownValid({ type, value }: GraphNode, version: OpenapiVersion): boolean {
  return known.get(value)?.has(`${version} ${type}`) === true
}

function rememberValid({ type, value }: GraphNode, version: OpenapiVersion): void {
  const uses = known.get(value) ?? new Set()
  known.set(value, uses.add(`${version} ${type}`))
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
}

/** A small description that holds nothing but the fragment, so that the validator of whole descriptions checks it. */
function standIn(
  { type, value }: GraphNode,
  version: OpenapiVersion,
): { readonly document: unknown; readonly pointer: string } | undefined {
  const head = { openapi: `${version}.0`, info: { title: '', version: '' } }
  if (type === 'pathItem') return { document: { ...head, paths: { '/': value } }, pointer: '/paths/~1' }
  const section = type === 'mediaType' && version === '3.2' ? 'mediaTypes' : SECTIONS[type]
  if (section === undefined) return undefined
  const document = { ...head, paths: {}, components: { [section]: { it: value } } }
  return { document, pointer: `/components/${section}/it` }
}

function within(pointer: string, error: ErrorObject): readonly ErrorObject[] {
  const isInside = error.instancePath === pointer || error.instancePath.startsWith(`${pointer}/`)
  return isInside ? [{ ...error, instancePath: error.instancePath.slice(pointer.length) }] : []
}

function explain(errors: readonly ErrorObject[], document: SourceDocument, base: string): Finding[] {
  const whole = lastToken(base)
  const root = resolvePointer(document.root, base)
  return explainErrors(errors, root, whole === undefined ? 'The document' : `\`${whole}\``).map((fault) => ({
    rule: 'openapi-structure',
    code: 'E1004',
    severity: 'error',
    message: fault.message,
    hint: fault.hint,
    at: document.locate(base + fault.pointer, fault.part),
  }))
}
