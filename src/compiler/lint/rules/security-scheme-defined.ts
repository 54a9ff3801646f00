import { appendPointer, didYouMean, isObject } from '../../../domain/index.ts'
import type { SourceDocument } from '../../document/index.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { declaredSchemes, isSchemeReference, schemeOf, securityOf, type NamedScheme } from '../security.ts'

export const securitySchemeDefined: Rule = {
  id: 'security-scheme-defined',
  severity: 'error',
  summary: 'Security requirements name schemes and OAuth scopes that exist.',
  visit: {
    project: (context) => {
      const { routes, operations, roots } = context
      for (const root of roots) {
        const own = securityOf({ document: root, pointer: '', value: root.root })
        for (const named of own?.schemes ?? []) checkScheme(named, [root], context)
      }
      const rootsOf = Map.groupBy(routes, ({ operation }) => operation.value)
      for (const operation of operations) {
        // Of an operation in a callback it is not known which root it belongs to.
        const users = rootsOf.get(operation.value)?.map(({ root }) => [root]) ?? [roots]
        for (const named of securityOf(operation)?.schemes ?? []) {
          for (const candidates of users) checkScheme(named, candidates, context)
        }
      }
    },
  },
}

function checkScheme(
  named: NamedScheme,
  roots: readonly SourceDocument[],
  { set, report }: RuleContext,
): void {
  const { name, scopes, at } = named
  const schemes = roots.flatMap((root) => schemeOf(set, root, named) ?? [])
  if (schemes.length === 0) {
    // A reference that leads nowhere has a finding as such.
    if (roots.some((root) => isSchemeReference(root, name)) && set.resolve(at, name) === undefined) return
    const known = roots.flatMap((root) => Object.keys(declaredSchemes(root)))
    const hint = didYouMean(name, known, 'Declare it under `components.securitySchemes`.')
    report({ at, part: 'key', message: `The security scheme \`${name}\` is not declared`, hint })
    return
  }
  if (!schemes.every(({ value }) => value['type'] === 'oauth2')) return
  const declared = schemes.flatMap(({ value }) => scopesOf(value['flows']))
  for (const [index, scope] of scopes.entries()) {
    if (typeof scope !== 'string' || declared.includes(scope)) continue
    const hint = didYouMean(scope, declared, 'Declare it in the `scopes` of one of its flows.')
    const place = { document: at.document, pointer: appendPointer(at.pointer, index) }
    report({ at: place, message: `No flow of \`${name}\` has the scope \`${scope}\``, hint })
  }
}

function scopesOf(flows: unknown): readonly string[] {
  return Object.values(isObject(flows) ? flows : {}).flatMap((flow) =>
    isObject(flow) && isObject(flow['scopes']) ? Object.keys(flow['scopes']) : [],
  )
}
