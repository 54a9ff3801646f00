import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'

import { builtinPage, builtins } from '../src/domain/index.ts'

/** Writes docs/reference/plugins from the schemas of the built-in middlewares and dispatchers. */

const folder = new URL('../docs/reference/plugins/', import.meta.url)

/** The pages by file name. */
export function pluginPages(): ReadonlyMap<string, string> {
  const rows = [...builtins.values()].map(
    ({ name, type, summary }) => `| [\`${name}\`](${name}.md) | ${type} | ${summary} |`,
  )
  const index = [
    '# Built-in middlewares and dispatchers',
    'Their names and options are those of Barbacane. `barbacane plugin docs NAME` prints a page.',
    ['| name | | |', '|---|---|---|', ...rows].join('\n'),
  ].join('\n\n')
  const pages = [...builtins.values()].map((builtin) => [`${builtin.name}.md`, builtinPage(builtin)] as const)
  return new Map([['README.md', `${index}\n`], ...pages])
}

if (import.meta.main) {
  const pages = pluginPages()
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) if (!pages.has(name)) await rm(new URL(name, folder))
  for (const [name, text] of pages) await writeFile(new URL(name, folder), text)
}
