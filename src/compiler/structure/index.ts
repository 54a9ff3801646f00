export { checkConfig, configFaults } from './check-config.ts'
export { checkStructures } from './check-structures.ts'
export { specFormat, type SpecFormat } from './spec-format.ts'
