export { applyLevels } from './apply-levels.ts'
export { judgeFindings, type Judgement } from './judge-findings.ts'
