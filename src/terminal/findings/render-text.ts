import type { Finding } from '../../domain/index.ts'
import { renderCodeFrame } from '../code-frame.ts'
import { counted, oneLine, visible } from '../plain-text.ts'
import type { Style } from '../style.ts'
import { renderRules } from './render-rules.ts'
import { describeCounts, groupByFile, type FindingsContext } from './report.ts'
import { severityLabel } from './severity-label.ts'

// Beyond this many, frames would bury the list, and a count by rule says where to begin.
const FEW = 20

/** Beyond this many, nobody reads a list to its end. */
const MANY = 100

/** For people: grouped by file, or by rule where there are many; each hint told once, the counts in the last line. */
export function renderText(findings: readonly Finding[], context: FindingsContext): string {
  const { style, files } = context
  if (findings.length === 0) return `${style.green('ok')} No findings in ${counted(files.length, 'file')}.`
  if (findings.length > (context.maxListed ?? MANY)) {
    const summary = `${describeCounts(findings)} in ${counted(groupByFile(findings).size, 'file')}.`
    return [...renderRules(findings, style), lastLine(findings, summary, style)].join('\n\n')
  }
  const toldHints = new Set<string>()
  const blocks = [...groupByFile(findings)].map(([file, group]) =>
    [style.bold(visible(file)), ...renderGroup(group)].join('\n'),
  )
  const summary = `${describeCounts(findings)} in ${counted(blocks.length, 'file')}.`
  return [...blocks, ...renderRuleCounts(findings, style), lastLine(findings, summary, style)].join('\n\n')

  function renderGroup(group: readonly Finding[]): readonly string[] {
    const width = Math.max(...group.map((finding) => position(finding).length))
    const indent = ' '.repeat(width + 4)
    return [...countRepeats(group)].flatMap(([finding, times]) => {
      const { severity, message, rule, code, hint, at } = finding
      const name = style.dim(code === undefined ? rule : `${rule} ${code}`)
      const head = `  ${position(finding).padEnd(width)}  ${severityLabel(severity, style)}  ${oneLine(message)}  ${name}${times > 1 ? ` ×${times}` : ''}`
      const text = findings.length <= FEW ? context.sourceOf?.(at.file) : undefined
      const frame = text === undefined ? [] : renderCodeFrame(text, at, style)
      return [
        head,
        ...hintLines(rule, hint).map((line) => indent + line),
        ...frame.map((line) => indent + line),
      ]
    })
  }

  function hintLines(rule: string, hint: string | undefined): readonly string[] {
    const key = `${rule}\n${hint}`
    if (hint === undefined || toldHints.has(key)) return []
    toldHints.add(key)
    return [`${style.cyan('hint:')} ${oneLine(hint)}`]
  }
}

function lastLine(findings: readonly Finding[], summary: string, style: Style): string {
  return findings.some(({ severity }) => severity === 'error') ? style.red(summary) : style.yellow(summary)
}

// Several values can stand in one place of the text, behind a YAML alias: one line says it once.
function countRepeats(group: readonly Finding[]): ReadonlyMap<Finding, number> {
  const alike = Map.groupBy(group, ({ rule, message, at }) => `${at.line}:${at.col} ${rule} ${message}`)
  return new Map([...alike.values()].map((findings) => [findings[0] as Finding, findings.length]))
}

function renderRuleCounts(findings: readonly Finding[], style: Style): readonly string[] {
  const rules = [...Map.groupBy(findings, ({ rule }) => rule)]
    .map(([rule, { length }]) => ({ rule, length }))
    .toSorted((a, b) => b.length - a.length)
  if (findings.length <= FEW || rules.length < 2) return []
  const width = String(rules[0]?.length).length
  const lines = rules.map(({ rule, length }) => `  ${String(length).padStart(width)}  ${rule}`)
  return [[style.bold('By rule'), ...lines].join('\n')]
}

function position({ at }: Finding): string {
  return `${at.line}:${at.col}`
}
