export { checkStructure } from './check-structure.ts'
export { specFormat, type OpenapiVersion, type SpecFormat } from './spec-format.ts'
