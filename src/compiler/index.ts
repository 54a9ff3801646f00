export { compileRules } from './compile-rules.ts'
export { buildTimestamp, type BuildTimeFacts } from './build-timestamp.ts'
export { compileProject, type CompileOptions, type CompileResult } from './compile-project.ts'
export { planProvenance, type ProvenanceFacts } from './plan-provenance.ts'
