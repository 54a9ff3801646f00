import type { RuleDescription } from './rule.ts'

/** The rules that `compile` checks beside those of lint, by id. */
export const compilingRules: readonly RuleDescription[] = [
  { id: 'input-file', severity: 'error', summary: 'Files that are compiled are the same on every machine.' },
  {
    id: 'mock-example',
    severity: 'error',
    summary: 'What `mock` answers by example has an example, or a schema to make one from.',
  },
  {
    id: 'plugin-capabilities',
    severity: 'error',
    summary: 'A plugin imports what it declares, and exports what its type needs.',
  },
  {
    id: 'plugin-module',
    severity: 'error',
    summary: 'A plugin is a module that gateways can run and confine.',
  },
  {
    id: 'plugin-type',
    code: 'E1024',
    severity: 'error',
    summary: 'A plugin of the project is used as what it is.',
  },
]
