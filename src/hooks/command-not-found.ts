import type { Hook } from '@oclif/core'

import { closestName } from '../domain/index.ts'
import { commandProblems } from '../commands/problems.ts'
import { printEnvelope } from '../commands/frame/envelope.ts'
import { createStyle, isColoured, renderProblem } from '../terminal/index.ts'

/** Answers a word that is no command: what may have been meant, exit code 2; with `--json` as an envelope. */
const commandNotFound: Hook.CommandNotFound = async ({ id, argv = [], config }) => {
  // oclif joins words that may be a topic and a command by a colon.
  const command = id.replaceAll(':', ' ')
  const known = config.commands.filter(({ hidden }) => !hidden).map((known) => known.id.replaceAll(':', ' '))
  const suggestion = closestName(command, known) ?? closestName(command.split(' ')[0] ?? '', known)
  const { problem } = commandProblems.BCN_CLI_UNKNOWN_COMMAND({ command, suggestion })
  process.exitCode = problem.exit
  if (argv.includes('--json')) {
    const envelope = { ok: false, command, exit: problem.exit, problem, warnings: [] }
    process.stdout.write(`${printEnvelope(envelope)}\n`)
    return
  }
  const noColorFlag = argv.includes('--no-color')
  const isTty = process.stderr.isTTY
  const style = createStyle(isColoured({ noColorFlag, env: process.env, isTty }))
  process.stderr.write(`${renderProblem(problem, style)}\n`)
}

export default commandNotFound
