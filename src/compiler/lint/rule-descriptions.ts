import type { RuleDescription } from './rule.ts'
import { visitingRules } from './rules/index.ts'

/** What is checked while documents are read, before the walk. */
const loadingRules: readonly RuleDescription[] = [
  {
    id: 'asyncapi-structure',
    code: 'E1004',
    severity: 'error',
    summary: 'An AsyncAPI description is complete and can be served over HTTP.',
  },
  {
    id: 'openapi-structure',
    code: 'E1004',
    severity: 'error',
    summary: 'A description fits the official schema.',
  },
  { id: 'overlay-action', severity: 'error', summary: 'What an overlay changes fits what it changes.' },
  {
    id: 'overlay-structure',
    severity: 'error',
    summary: 'An overlay is a document of the Overlay Specification 1.0 or 1.1.',
  },
  {
    id: 'overlay-unmatched',
    severity: 'warning',
    summary: 'Every action of an overlay has something to change.',
  },
  {
    id: 'ref-escapes-project',
    code: 'E1003',
    severity: 'error',
    summary: 'References stay within the project.',
  },
  {
    id: 'ref-remote',
    code: 'E1003',
    severity: 'error',
    summary: 'References to the network are allowed, and lead to what the lock pins.',
  },
  { id: 'ref-unresolved', code: 'E1003', severity: 'error', summary: 'References lead somewhere.' },
  {
    id: 'spec-format',
    code: 'E1001',
    severity: 'error',
    summary: 'A description is OpenAPI 3.0, 3.1 or 3.2, or AsyncAPI 2 or 3.',
  },
  { id: 'syntax', code: 'E1002', severity: 'error', summary: 'Files are valid JSON or YAML 1.2 in UTF-8.' },
  {
    id: 'unreadable',
    code: 'E1000',
    severity: 'error',
    summary: 'Files exist, are readable and not too large.',
  },
]

/** What is checked of the settings of lint themselves, after the walk. */
const judgingRules: readonly RuleDescription[] = [
  {
    id: 'ignore-invalid',
    severity: 'error',
    summary: 'Whoever ignores a finding names a rule that can be ignored, and gives the reason.',
  },
  { id: 'ignore-unused', severity: 'warning', summary: 'What is ignored is there.' },
  {
    id: 'lint-settings',
    severity: 'error',
    summary: '`lint.rules` of barbacane.yaml names rules that exist and may be changed.',
  },
]

/** Every rule that a finding can name, by id, for help, reports and documentation. */
export const rules: readonly RuleDescription[] = [...loadingRules, ...judgingRules, ...visitingRules]
  .map(({ id, code, severity, summary, protection }) => ({
    id,
    ...(code === undefined ? {} : { code }),
    severity,
    summary,
    ...(protection === undefined ? {} : { protection }),
  }))
  .toSorted((a, b) => (a.id < b.id ? -1 : 1))
