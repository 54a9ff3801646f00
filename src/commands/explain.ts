import { Args } from '@oclif/core'

import { closestName } from '../domain/index.ts'
import { counted, renderTable, type Style } from '../terminal/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { readTopics, type Topic } from './frame/reference-pages.ts'
import { commandProblems as problems } from './problems.ts'

interface Explanation {
  /** All there are without their text, or the one that was asked for with it. */
  readonly topics: readonly (Omit<Topic, 'text'> & { readonly text?: string })[]
}

export default class Explain extends BaseCommand<Explanation> {
  static override summary = 'Explain an error code, a lint rule or a format.'
  static override description =
    'Prints the reference page of an error code (BCN_…), of a lint rule or of another topic such as `config` or ' +
    '`exit-codes`, without a network. Lists all of them when none is named.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> BCN_ARTIFACT_CHECKSUM',
    '<%= config.bin %> <%= command.id %> operation-id-unique',
  ]
  static override args = {
    name: Args.string({ description: 'An error code, the id of a rule, or a topic.' }),
  }

  protected override async execute(): Promise<Outcome<Explanation>> {
    const { args } = await this.parse(Explain)
    const topics = await readTopics(this.config.root)
    if (args.name === undefined) {
      const list = topics.map(({ name, kind, summary }) => ({ name, kind, summary }))
      return { result: { topics: list }, text: (style) => renderList(list, style) }
    }
    const topic = findTopic(topics, args.name)
    return { result: { topics: [topic] }, text: (style) => renderPage(topic.text, style) }
  }
}

function findTopic(topics: readonly Topic[], wanted: string): Topic {
  const topic = topics.find(({ name }) => name.toLowerCase() === wanted.toLowerCase())
  if (topic !== undefined) return topic
  const suggestion = closestName(
    wanted,
    topics.map(({ name }) => name),
  )
  throw problems.BCN_EXPLAIN_UNKNOWN({ name: wanted, suggestion })
}

function renderList(topics: Explanation['topics'], style: Style): string {
  const rows = topics.map(({ name, summary }) => [name, summary])
  const table = renderTable([{ header: 'NAME' }, { header: 'MEANING' }], rows, style)
  return `${table}\n\n${counted(topics.length, 'topic')}; \`barbacane explain NAME\` prints one.`
}

/** A `#` in a block of code begins a comment, not a heading. */
function renderPage(markdown: string, style: Style): string {
  if (!style.coloured) return markdown
  const parts = markdown.split(/^(```.*?^```$)/gms)
  const shown = parts.map((part, index) =>
    index % 2 === 1 ? part : part.replaceAll(/^#+ +(.*)$/gm, (_, title: string) => style.bold(title)),
  )
  return shown.join('')
}
