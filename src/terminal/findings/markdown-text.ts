import { oneLine } from '../plain-text.ts'

/**
 * Text of unknown origin for a cell of a Markdown table. What stands between backticks stays code; nothing else can
 * become markup, a link, or the mention of a person.
 */
export function markdownCell(text: string): string {
  const parts = oneLine(text).split('`')
  if (parts.length % 2 === 0) return escapeProse(parts.join('`'))
  return parts.map((part, index) => (index % 2 === 1 ? asCode(part) : escapeProse(part))).join('')
}

function asCode(text: string): string {
  return text.trim() === '' ? escapeProse(`\`${text}\``) : `\`${text.replaceAll('|', String.raw`\|`)}\``
}

function escapeProse(text: string): string {
  return text
    .replaceAll(/[\\`*_{}[\]()<>#+!|~&$:]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll('@', '@<!-- -->')
}
