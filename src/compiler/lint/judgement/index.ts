export { judgeFindings, type Judgement } from './judge-findings.ts'
