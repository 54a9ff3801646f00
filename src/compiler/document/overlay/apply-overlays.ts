import type { SourceDocument } from '../source-document.ts'
import { applyAction, type Overlaid } from './apply-action.ts'
import type { ReportOverlayFault } from './overlay-fault.ts'
import type { Overlay } from './read-overlay.ts'
import { extentOf, growTree, treeDocument } from '../tree.ts'

export interface ApplyOptions {
  readonly report: ReportOverlayFault
  /** True where all descriptions of the project are at hand, so that an action without effect is one. */
  readonly isWhole: boolean
}

/**
 * Applies overlays (Overlay Specification 1.0 and 1.1) in order to root documents. What an overlay has put into a
 * document is located in the overlay; everything else stays where it was.
 */
export function applyOverlays(
  roots: readonly SourceDocument[],
  overlays: readonly Overlay[],
  { report, isWhole }: ApplyOptions,
): readonly SourceDocument[] {
  const targets = new Map<SourceDocument, Overlaid>()
  for (const overlay of overlays) {
    const chosen = roots.filter(({ path }) => overlay.extends === undefined || overlay.extends === path)
    for (const root of chosen) if (!targets.has(root)) targets.set(root, prepare(root))
    if (chosen.length > 0)
      applyOne(
        overlay,
        chosen.flatMap((root) => targets.get(root) ?? []),
        { report, isWhole },
      )
    else if (isWhole) {
      const at = { document: overlay.document, pointer: '/extends' }
      const message = `No description of the project is ${JSON.stringify(overlay.extends)}`
      report({
        rule: 'overlay-unmatched',
        severity: 'warning',
        at,
        message,
        hint: 'Correct `extends` or `specs`.',
      })
    }
  }
  return roots.map((root) => {
    const target = targets.get(root)
    return target === undefined ? root : treeDocument(root, target.tree)
  })
}

function prepare(root: SourceDocument): Overlaid {
  const tree = growTree(root.root, { document: root, pointer: '' })
  return { tree, nodes: extentOf(tree).nodes }
}

function applyOne(overlay: Overlay, targets: readonly Overlaid[], { report, isWhole }: ApplyOptions): void {
  for (const action of overlay.actions) {
    let selected = 0
    for (const target of targets) {
      const applied = applyAction(target, action, overlay.version)
      if ('fault' in applied) {
        report(applied.fault)
        // What comes after it would be applied to something else than its author has seen.
        return
      }
      selected += applied.selected
    }
    if (selected > 0 || (overlay.extends === undefined && !isWhole)) continue
    const hint = 'Correct the path, or remove the action; values in referenced files are out of its reach.'
    const message = 'The target selects nothing'
    report({ rule: 'overlay-unmatched', severity: 'warning', at: action.at, message, hint })
  }
}
