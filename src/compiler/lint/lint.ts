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
  const asked = visitingRules.map((rule) => {
    const ruleContext: RuleContext = { ...shared, report: (report) => add(findings, toFinding(rule, report)) }
    return { rule, ruleContext }
  })
  const askedOf = new Map<NodeType, readonly Asked[]>()
  for (const node of graphOf(set, roots).nodes) {
    const { type } = node
    if (type === 'operation') operations.push(node)
    let rules = askedOf.get(type)
    if (rules === undefined) askedOf.set(type, (rules = asked.filter(({ rule }) => visits(rule, type))))
    for (const { rule, ruleContext } of rules) askRule(rule, node, ruleContext)
  }
  for (const { rule, ruleContext } of asked) rule.visit.project?.(ruleContext)
  return [...findings.values()].toSorted(compareFindings)
}

interface Asked {
  readonly rule: Rule
  readonly ruleContext: RuleContext
}

function graphOf(set: DocumentSet, roots: readonly SourceDocument[]): ObjectGraph {
  return roots.length === set.roots.length ? set.graph() : recordGraph(roots, set.resolve)
}

function visits({ visit }: Rule, type: NodeType): boolean {
  return (
    visit[type] !== undefined ||
    visit.any !== undefined ||
    (visit.pluginUse !== undefined && usesPlugins(type))
  )
}

function usesPlugins(type: NodeType): boolean {
  return type === 'operation' || type === 'document'
}

function askRule({ visit }: Rule, node: GraphNode, context: RuleContext): void {
  visit[node.type]?.(node, context)
  visit.any?.(node, context)
  if (visit.pluginUse !== undefined && usesPlugins(node.type)) {
    for (const use of pluginUsesOf(node)) visit.pluginUse(use, context)
  }
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
    at: at.document.locate(at.pointer, part),
    ...(report.fix === undefined ? {} : { fix: report.fix }),
  }
}

/** One object can be reached as several types, and a path item through several paths: the same finding counts once. */
function add(findings: Map<string, Finding>, finding: Finding): void {
  const { file, pointer, line, col } = finding.at
  const id = JSON.stringify([finding.rule, file, pointer, line, col, finding.message])
  findings.set(id, finding)
}
