import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'

export const repositoryRoot = join(import.meta.dirname, '../..')

export interface SourceFile {
  /** POSIX path below `src/`. */
  readonly path: string
  readonly text: string
}

/** Every hand-written TypeScript file below `src/`. */
export function readSourceTree(): readonly SourceFile[] {
  const root = join(repositoryRoot, 'src')
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.endsWith('generated'),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(root, file).split(sep).join('/'), text: readFileSync(file, 'utf8') }))
}

const SPECIFIER = /\bfrom\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|^import\s+'([^']+)'/gm

/** The specifiers a file imports, type imports and dynamic imports included. */
export function importsOf(file: SourceFile): readonly string[] {
  return [...file.text.matchAll(SPECIFIER)].map((match) => (match[1] ?? match[2] ?? match[3]) as string)
}

/** The path below `src/` that a relative specifier leads to, or undefined for a package and the one that this is. */
export function targetOf(file: SourceFile, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined
  const path = posix.join(posix.dirname(file.path), specifier)
  return path === '../package.json' ? undefined : path
}

/** The top folder of a path below `src/`. */
export function folderOf(path: string): string {
  return path.split('/')[0] as string
}
