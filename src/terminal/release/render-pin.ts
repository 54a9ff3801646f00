import { renderDiff } from '../diff/render-diff.ts'
import { oneLine } from '../plain-text.ts'
import type { Style } from '../style.ts'
import { diffPageOf, factsOf, shortDigest, type PinPage } from './pin-page.ts'

const WORDS = { passed: 'ok', refused: 'REFUSED', skipped: '-', waived: 'waived' } as const
const STATUS_WIDTH = 9
const NAME_WIDTH = 11

/** What a change of a pin means, for people: from what to what, for which nodes, what was checked, what changes. */
export function renderPin(page: PinPage, style: Style): string {
  const { environment, before, after, checks } = page
  const head = `${style.bold(environment)}  ${shortDigest(before)} → ${shortDigest(after)}`
  const facts = factsOf(page).map(([name, value]) => `  ${name.padEnd(NAME_WIDTH)}${oneLine(value)}`)
  const paint = { passed: style.green, refused: style.red, skipped: style.dim, waived: style.yellow }
  const lines = checks.map(({ name, status, outcome }) => {
    return `  ${paint[status](WORDS[status].padEnd(STATUS_WIDTH))}${name.padEnd(NAME_WIDTH)}${oneLine(outcome)}`
  })
  const difference = diffPageOf(page)
  return [
    [head, ...facts].join('\n'),
    ...(lines.length === 0 ? [] : [lines.join('\n')]),
    ...(difference === undefined ? [] : [renderDiff(difference, style)]),
  ].join('\n\n')
}
