import type { RuleSetting } from '../../../config/index.ts'
import type { Finding } from '../../../domain/index.ts'
import type { DocumentSet } from '../../document/index.ts'
import { applyIgnores } from './apply-ignores.ts'
import { applyLevels, levelFaults } from './apply-levels.ts'
import { readIgnoreComments } from './ignore-comments.ts'
import { readIgnoreExtensions } from './ignore-extensions.ts'

/** How a project wants its findings to be judged. */
export interface Judgement {
  /** `lint.rules` of barbacane.yaml; none unless given. */
  readonly ruleSettings?: readonly RuleSetting[]
  /** False where only some documents are looked at, so that nobody can say what is unused; true unless given. */
  readonly isWhole?: boolean
}

/** Applies what authors have written about findings: ignores in the documents first, then the levels of the project. */
export async function judgeFindings(
  findings: readonly Finding[],
  set: DocumentSet,
  { ruleSettings = [], isWhole = true }: Judgement,
): Promise<readonly Finding[]> {
  const comments = await Promise.all([...set.documents.values()].map(readIgnoreComments))
  const ignores = [...comments.flat(), ...readIgnoreExtensions(set)]
  const kept = applyIgnores(findings, ignores, { isWhole })
  return [...applyLevels(kept, ruleSettings), ...levelFaults(ruleSettings)]
}
