import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The names, versions and licences of the packages that files in `node_modules` belong to, as Markdown.
 *
 * @param inputs paths relative to the root.
 * @throws {Error} where a package does not say under which licence it is.
 */
export async function describeBundled(root: string, inputs: readonly string[]): Promise<string> {
  const folders = new Set(
    inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  )
  const sections = await Promise.all([...folders].map((folder) => describe(join(root, folder))))
  const intro = 'The files in this folder hold parts of these packages, each under its own licence.'
  return `# Bundled packages\n\n${intro}\n\n${[...new Set(sections)].toSorted().join('\n')}`
}

async function describe(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  ) as Readonly<Record<string, unknown>>
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry))
  if (typeof license !== 'string') throw new Error(`${folder} does not say its licence`)
  const text = file === undefined ? '' : `\n${indent(await readFile(join(folder, file), 'utf8'))}\n`
  return `## ${String(name)} ${String(version)} (${license})\n${text}`
}

function indent(text: string): string {
  return text
    .trim()
    .replaceAll(/\r?\n/g, '\n')
    .replaceAll(/^(?=.)/gm, '    ')
}
