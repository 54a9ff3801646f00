export { NO_REST, type Apply, type FunctionDefinition, type Signature } from './definition.ts'
export { compilePattern, type Pattern } from './matches.ts'
export { elementAt } from './operators.ts'
export { findFunction, functionNames } from './standard-functions.ts'
