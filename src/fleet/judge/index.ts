export { provenInputs, type ProvenLists } from './check-inputs.ts'
export { judgeNode, judgeRevoked, type Standard } from './judge-node.ts'
