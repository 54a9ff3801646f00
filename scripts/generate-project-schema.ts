import { readFile, writeFile } from 'node:fs/promises'

import { builtins } from '../src/domain/index.ts'

/** Lists the built-in middlewares and dispatchers in the published schema of barbacane.yaml, as no plugin may have their names. */

const file = new URL('../schemas/barbacane.schema.json', import.meta.url)

/** The schema with the names of now; everything else in it is as it was. */
export function projectSchema(schema: string): string {
  const list = /("propertyNames": \{\s*"pattern": [^\n]*\s*"not": \{\s*"enum": \[)[^\]]*?(\n *\])/
  if (!list.test(schema)) throw new Error('the schema of barbacane.yaml has no list of names')
  const names = [...builtins.keys()].map((name) => `\n            ${JSON.stringify(name)}`)
  return schema.replace(list, (_, head: string, tail: string) => `${head}${names.join(',')}${tail}`)
}

if (import.meta.main) await writeFile(file, projectSchema(await readFile(file, 'utf8')))
