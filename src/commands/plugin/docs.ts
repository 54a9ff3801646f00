import { Args } from '@oclif/core'

import { builtinPage, builtins, closestName, type Builtin } from '../../domain/index.ts'
import { counted, renderTable, type Style } from '../../terminal/index.ts'
import { BaseCommand, type Outcome } from '../base-command.ts'
import { commandProblems as problems } from '../problems.ts'

interface PluginDocs {
  /** All there are without their text, or the one that was asked for with it. */
  readonly plugins: readonly (Pick<Builtin, 'name' | 'type' | 'summary'> & { readonly text?: string })[]
}

export default class PluginDocsCommand extends BaseCommand<PluginDocs> {
  static override summary = 'Print the reference page of a built-in middleware or dispatcher.'
  static override description =
    'What it does, and every option of its configuration, from the schema that it is checked by. Lists all of them when ' +
    'none is named.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> jwt-auth',
  ]
  static override args = {
    name: Args.string({ description: 'The name of a built-in middleware or dispatcher.' }),
  }

  protected override async execute(): Promise<Outcome<PluginDocs>> {
    const { args } = await this.parse(PluginDocsCommand)
    const all = [...builtins.values()]
    if (args.name === undefined) {
      const plugins = all.map(({ name, type, summary }) => ({ name, type, summary }))
      return { result: { plugins }, text: (style) => renderList(plugins, style) }
    }
    const builtin = builtins.get(args.name)
    if (builtin === undefined) {
      const suggestion = closestName(args.name, [...builtins.keys()])
      throw problems.BCN_PLUGIN_UNKNOWN({ name: args.name, suggestion })
    }
    const { name, type, summary } = builtin
    const text = builtinPage(builtin)
    return { result: { plugins: [{ name, type, summary, text }] }, text: () => text.trimEnd() }
  }
}

function renderList(plugins: PluginDocs['plugins'], style: Style): string {
  const rows = plugins.map(({ name, type, summary }) => [name, type, summary])
  const table = renderTable([{ header: 'NAME' }, { header: 'TYPE' }, { header: 'WHAT IT DOES' }], rows, style)
  return `${table}\n\n${counted(plugins.length, 'plugin')}; \`barbacane plugin docs NAME\` prints its options.`
}
