export { dialectOf } from './dialect.ts'
export { sharedDryRun } from './dry-run.ts'
export type { Dialect, Direction, SchemaPlace } from './draft.ts'
export { createSchemaTable, type SchemaTable } from './schema-table.ts'
