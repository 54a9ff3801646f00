export { provenInputs } from './check-inputs.ts'
export { judgeNode, judgeRevoked, type Standard } from './judge-node.ts'
