import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a reference page is about. */
export interface Topic {
  /** An error code such as `BCN_CLI_USAGE`, a rule id such as `operation-id-unique`, or a page such as `config`. */
  readonly name: string
  readonly kind: 'page' | 'error' | 'rule' | 'plugin'
  /** The first sentence. */
  readonly summary: string
  /** The whole page, as Markdown. */
  readonly text: string
}

const FOLDERS = {
  page: 'docs/reference',
  error: 'docs/reference/errors',
  rule: 'docs/reference/rules',
  plugin: 'docs/reference/plugins',
} as const

/** Every reference page of the package: general ones, error codes, rules, plugins; each kind by name. */
export async function readTopics(packageRoot: string): Promise<readonly Topic[]> {
  const kinds = ['page', 'error', 'rule', 'plugin'] as const
  return (await Promise.all(kinds.map((kind) => readFolder(packageRoot, kind)))).flat()
}

async function readFolder(packageRoot: string, kind: Topic['kind']): Promise<readonly Topic[]> {
  const folder = join(packageRoot, FOLDERS[kind])
  const files = (await readdir(folder)).filter((file) => file.endsWith('.md') && file !== 'README.md')
  return Promise.all(
    files.toSorted().map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8')
      return { name: file.slice(0, -'.md'.length), kind, summary: summaryOf(text), text }
    }),
  )
}

function summaryOf(page: string): string {
  const paragraphs = page.split(/\r?\n\s*\r?\n/).map((paragraph) => paragraph.trim())
  const first =
    paragraphs.find(
      (paragraph) => paragraph !== '' && !/^(#|>|\||```|Exit code:|Severity:)/.test(paragraph),
    ) ?? ''
  const line = first.replaceAll(/\s*\r?\n\s*/g, ' ')
  return /^.*?[.!?](?= |$)/.exec(line)?.[0] ?? line
}
