import { code, MAX_LENGTH } from '../diff/render-diff-markdown.ts'
import type { Style } from '../style.ts'
import type { PinPage } from './pin-page.ts'
import { renderPinMarkdown } from './render-pin-markdown.ts'
import { renderPin } from './render-pin.ts'

/** What a change of desired state means, by environment. */
export interface PlanPage {
  /** As the commit was named. */
  readonly ref: string
  /** What it is compared with; null where one pin is planned. */
  readonly base: { readonly ref: string } | null
  readonly environments: readonly PinPage[]
}

export function renderPlan(page: PlanPage, style: Style): string {
  const { ref, base, environments } = page
  if (environments.length === 0) return `${style.green('ok')} ${noChange(ref, base)}`
  return environments.map((environment) => renderPin(environment, style)).join('\n\n')
}

/** The plan as a comment of at most 60,000 characters, in which every environment has its share. */
export function renderPlanMarkdown({ ref, base, environments }: PlanPage): string {
  if (environments.length === 0)
    return `## Releases\n\n${noChange(code(ref), base && { ref: code(base.ref) })}`
  const share = Math.floor(MAX_LENGTH / environments.length) - 2
  return environments.map((environment) => renderPinMarkdown(environment, share)).join('\n\n')
}

function noChange(ref: string, base: PlanPage['base']): string {
  return `${ref} pins what ${base?.ref ?? 'it'} did.`
}
