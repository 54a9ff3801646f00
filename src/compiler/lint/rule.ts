import type { Location, Severity, WordFix } from '../../domain/index.ts'
import type { DocumentSet, GraphNode, NodeType, SourceDocument } from '../document/index.ts'
import type { Place } from './place.ts'
import type { PluginSchema } from './plugin-schemas.ts'
import type { PluginUseNode } from './plugin-uses.ts'
import type { RouteNode } from './routes.ts'

/** What the caller of lint knows. */
export interface LintContext {
  /** The names of `plugins` in barbacane.yaml; undefined when files are linted without a project. */
  readonly plugins: ReadonlySet<string> | undefined
  /** The schemas of the configuration of plugins of the project, by their names. */
  readonly pluginSchemas?: ReadonlyMap<string, PluginSchema>
  /** True where upstreams may be reached without TLS. */
  readonly allowPlaintext: boolean
}

export interface Report {
  readonly at: Place
  /** The key stands for whole objects; `value` is the default. */
  readonly part?: 'key' | 'value'
  /** Where a part of the value is meant. */
  readonly exactly?: Location | undefined
  readonly message: string
  readonly hint: string
  /** Where it differs from the rule's own. */
  readonly severity?: Severity
  readonly code?: string
  /** Where the correction is certain. */
  readonly fix?: WordFix | undefined
}

export interface RuleContext extends LintContext {
  readonly set: DocumentSet
  /** The root documents of a version that is understood. */
  readonly roots: readonly SourceDocument[]
  /** All operations that the gateway would serve, of all root documents, in the order of the text. */
  readonly routes: readonly RouteNode[]
  /** All operations, those of callbacks and webhooks too; complete when `project` is asked. */
  readonly operations: readonly GraphNode[]
  readonly report: (report: Report) => void
}

type NodeVisitor = (node: GraphNode, context: RuleContext) => void

/** The moments at which a rule is asked: each object of the graph once, each plugin use, and the project as a whole. */
type RuleVisitor = { readonly [Type in NodeType]?: NodeVisitor } & {
  readonly any?: NodeVisitor
  readonly pluginUse?: (use: PluginUseNode, context: RuleContext) => void
  readonly project?: (context: RuleContext) => void
}

/**
 * What a project may do about the findings of a rule. `free`: give them another severity, switch the rule off, ignore
 * single findings. `guarded`: make them graver, ignore single findings with a reason. `fixed`: make them graver.
 */
export type Protection = 'free' | 'guarded' | 'fixed'

/** What help, reports and documentation say of a rule. */
export interface RuleDescription {
  /** kebab-case; its page is docs/reference/rules/<id>.md. */
  readonly id: string
  /** The code of Barbacane's own compiler for the same fault. */
  readonly code?: string
  readonly severity: Severity
  readonly summary: string
  /** Unless given, errors are `fixed` and everything else is `free`. */
  readonly protection?: Protection
}

export interface Rule extends RuleDescription {
  readonly visit: RuleVisitor
}
