import { renderPin, renderPinMarkdown, type Style } from '../../../terminal/index.ts'
import type { Outcome } from '../../base-command.ts'
import type { ChangedPin, ReleaseResult } from './change-pin.ts'

/** What a command that changes a pin reports. */
export function releaseOutcome({ result, exit }: ChangedPin): Outcome<ReleaseResult> {
  return {
    result,
    exit,
    text: (style) => `${renderPin(result, style)}\n\n${lastLine(result, style)}`,
    ci: () => ({
      outputs: {
        environment: result.environment,
        artifact_hash: result.after?.artifact_hash ?? null,
        artifact_digest: result.after?.artifact_digest ?? null,
        commit: result.commit,
      },
      summary: renderPinMarkdown(result),
    }),
  }
}

function lastLine({ change, commit, branch, dry_run, pushed_to }: ReleaseResult, style: Style): string {
  if (change === 'none') return `${style.green('ok')} It is pinned already; nothing was committed.`
  if (dry_run) return style.dim(`Nothing was committed to ${branch} (--dry-run).`)
  const made = `${style.green('ok')} Committed ${(commit ?? '').slice(0, 10)} to ${branch}`
  return pushed_to === null
    ? `${made}. It counts once it is pushed: git push`
    : `${made} and pushed it to ${pushed_to}.`
}
