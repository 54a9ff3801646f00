export { isEqual } from './compare-limits.ts'
export { compareSchemas } from './compare-schemas.ts'
export { typesOf } from './compare-values.ts'
