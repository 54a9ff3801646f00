export type { Accessors, Declarations, VariableDeclaration } from './environment.ts'
export { formatType, isAssignable, isComparable, join, type Type } from './type.ts'
