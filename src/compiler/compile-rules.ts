export { compilingRules as compileRules } from './lint/index.ts'
