import { CORE_SCHEMA } from 'js-yaml'

/** Deeper nesting than this is refused; the deepest of 512 real descriptions has less than a hundred levels. */
export const MAX_DEPTH = 256

/** YAML 1.2 with the core schema: no dates, no merge keys, no `yes` and `no`. js-yaml counts the value at the bottom as a level. */
export const yamlOptions = { schema: CORE_SCHEMA, maxDepth: MAX_DEPTH + 1 }
