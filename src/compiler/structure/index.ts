export { checkConfig, configFaults } from './check-config.ts'
export { checkStructures } from './check-structures.ts'
export type { StructureFault } from './explain-errors.ts'
export { specFormat, type SpecFormat } from './spec-format.ts'
