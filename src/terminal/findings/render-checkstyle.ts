import type { Finding } from '../../domain/index.ts'
import { groupByFile } from './report.ts'
import { escapeXml } from './xml-text.ts'

/** Checkstyle XML, as Jenkins, reviewdog and others read it: a `file` for each file with findings. */
export function renderCheckstyle(findings: readonly Finding[]): string {
  const files = [...groupByFile(findings)].map(([file, group]) =>
    [`  <file name="${escapeXml(file)}">`, ...group.map(renderError), '  </file>'].join('\n'),
  )
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<checkstyle version="4.3">',
    ...files,
    '</checkstyle>',
  ].join('\n')
}

function renderError({ rule, severity, message, hint, at }: Finding): string {
  const text = escapeXml(hint === undefined ? message : `${message}\n${hint}`).replaceAll('\n', '&#10;')
  const place = `line="${at.line}" column="${at.col}"`
  return `    <error ${place} severity="${severity}" message="${text}" source="barbacane.${escapeXml(rule)}"/>`
}
