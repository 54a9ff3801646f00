import type { FixtureReport, JsonValue } from '../../domain/index.ts'
import { counted, oneLine } from '../plain-text.ts'
import type { Style } from '../style.ts'

/** What became of the fixtures of a plugin: a line each, and what differs below those that failed. */
export function renderFixtures(reports: readonly FixtureReport[], style: Style): string {
  const failed = reports.filter(({ outcome }) => outcome === 'failed')
  const updated = reports.filter(({ outcome }) => outcome === 'updated')
  const end =
    updated.length > 0
      ? `${counted(updated.length, 'fixture')} updated.`
      : `${counted(reports.length, 'fixture')}, ${failed.length} failed.`
  return [...reports.flatMap((report) => linesOf(report, style)), '', end].join('\n')
}

function linesOf(report: FixtureReport, style: Style): readonly string[] {
  const { outcome, file, name, differences, logs } = report
  const colour = outcome === 'failed' ? style.red : outcome === 'passed' ? style.green : style.bold
  const title = file.endsWith(name) ? oneLine(file) : oneLine(`${file}: ${name}`)
  const head = `${colour(outcome.padEnd(7))}  ${title}`
  if (outcome !== 'failed') return [head]
  return [
    head,
    ...differences.flatMap((difference) => differenceLines(difference, style)),
    ...logs.map((line) => `         log  ${oneLine(line)}`),
  ]
}

function differenceLines(
  { pointer, expected, actual }: FixtureReport['differences'][number],
  { red, green, bold }: Style,
): readonly string[] {
  if (pointer === '' && expected === null) {
    return ['         nothing is expected yet; this is what became of it:', ...block(actual ?? null)]
  }
  const found = actual === undefined ? 'nothing' : printed(actual)
  return [
    `         ${bold(`/expect${pointer}`)}`,
    `           ${red(`- ${printed(expected)}`)}`,
    `           ${green(`+ ${found}`)}`,
  ]
}

function printed(value: JsonValue): string {
  return oneLine(JSON.stringify(value))
}

function block(value: JsonValue): readonly string[] {
  return JSON.stringify(value, undefined, 2)
    .split('\n')
    .map((line) => `           ${line}`)
}
