export { changeLevels, type ChangeLevel } from './change-definition.ts'
export type { Change, ChangeId } from './change.ts'
export { changeDefinitions } from './change-definitions.ts'
export { compareApis, type Difference } from './compare-apis.ts'
