import { compareFindings, type Finding } from '../../domain/index.ts'
import {
  recordGraph,
  type DocumentSet,
  type GraphNode,
  type NodeType,
  type ObjectGraph,
  type SourceDocument,
} from '../document/index.ts'
import { specFormat } from '../structure/index.ts'
import { pluginUsesOf } from './plugin-uses.ts'
import { collectRoutes } from './routes.ts'
import type { LintContext, Report, Rule, RuleContext } from './rule.ts'
import { visitingRules } from './rules/index.ts'

/**
 * Runs the rules over root documents and everything they refer to, in one walk.
 *
 * Each object is visited once, in the file where it is written, however often it is referred to. Roots that are not
 * OpenAPI 3.0 to 3.2 are left out; `checkStructures` reports them. The findings are sorted by place.
 */
export function lint(set: DocumentSet, context: LintContext): readonly Finding[] {
  const roots = set.roots.filter((root) => !('finding' in specFormat(root)))
  const findings = new Map<string, Finding>()
  const operations: GraphNode[] = []
  const shared = { ...context, set, roots, routes: collectRoutes(set, roots), operations }
  const asked = visitingRules.map((rule): Asked => {
    const ruleContext: RuleContext = { ...shared, report: (report) => add(findings, toFinding(rule, report)) }
    return { visit: rule.visit, ruleContext }
  })
  const askedOfUses = asked.filter(({ visit }) => visit.pluginUse !== undefined)
  const visitsOf = new Map<NodeType, readonly Visit[]>()
  for (const node of graphOf(set, roots).nodes) {
    const { type } = node
    if (type === 'operation') operations.push(node)
    let visits = visitsOf.get(type)
    if (visits === undefined) visitsOf.set(type, (visits = visitsTo(type, asked)))
    for (const visit of visits) visit(node)
    if (type === 'operation' || type === 'document') visitPluginUses(node, askedOfUses)
  }
  for (const { visit, ruleContext } of asked) visit.project?.(ruleContext)
  return [...findings.values()].toSorted(compareFindings)
}

interface Asked {
  readonly visit: Rule['visit']
  readonly ruleContext: RuleContext
}

type Visit = (node: GraphNode) => void

function graphOf(set: DocumentSet, roots: readonly SourceDocument[]): ObjectGraph {
  return roots.length === set.roots.length ? set.graph() : recordGraph(roots, set.resolve)
}

/** The rules that want to see the nodes of a type. */
function visitsTo(type: NodeType, asked: readonly Asked[]): readonly Visit[] {
  return asked.flatMap(({ visit, ruleContext }) =>
    [visit[type], visit.any].flatMap((visitor) =>
      visitor === undefined ? [] : [(node: GraphNode) => visitor(node, ruleContext)],
    ),
  )
}

function visitPluginUses(node: GraphNode, asked: readonly Asked[]): void {
  const uses = pluginUsesOf(node)
  for (const { visit, ruleContext } of asked) for (const use of uses) visit.pluginUse?.(use, ruleContext)
}

function toFinding(rule: Rule, report: Report): Finding {
  const { at, part = 'value', message, hint } = report
  const code = report.code ?? rule.code
  return {
    rule: rule.id,
    ...(code === undefined ? {} : { code }),
    severity: report.severity ?? rule.severity,
    message,
    hint,
    at: report.exactly ?? at.document.locate(at.pointer, part),
    ...(report.fix === undefined ? {} : { fix: report.fix }),
  }
}

/** One object can be reached as several types, and a path item through several paths: the same finding counts once. */
function add(findings: Map<string, Finding>, finding: Finding): void {
  const { file, pointer, line, col } = finding.at
  const id = [finding.rule, line, col, file, pointer, finding.message].join('\n')
  findings.set(id, finding)
}
