import { execFileSync } from 'node:child_process'

/** The system calls that `SystemCallFilter=` lines of a unit allow, by the groups of the systemd that is here. */
export function allowedSystemCalls(unit: string): ReadonlySet<string> {
  const groups = readGroups()
  const allowed = new Set(membersOf('@default', groups))
  for (const [, deny, words] of unit.matchAll(/^SystemCallFilter=(~?)(.*)$/gm)) {
    const named = (words ?? '').split(' ').flatMap((word) => membersOf(word, groups))
    for (const name of named) {
      if (deny === '~') allowed.delete(name)
      else allowed.add(name)
    }
  }
  return allowed
}

/** The names of the system calls in what `strace -f -o` writes. */
export function systemCallsIn(trace: string): ReadonlySet<string> {
  return new Set([...trace.matchAll(/^\d+ +([a-z_0-9]+)\(/gm)].map(([, name]) => name as string))
}

function readGroups(): ReadonlyMap<string, readonly string[]> {
  const listing = execFileSync('systemd-analyze', ['syscall-filter', '--no-pager'], { encoding: 'utf8' })
  const blocks = listing.split(/^(?=@)/m).filter((block) => block.startsWith('@'))
  return new Map(
    blocks.map((block) => {
      const [name = '', ...lines] = block.split('\n').map((line) => line.trim())
      return [name, lines.filter((line) => line !== '' && !line.startsWith('#'))]
    }),
  )
}

function membersOf(word: string, groups: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return word.startsWith('@')
    ? (groups.get(word) ?? []).flatMap((member) => membersOf(member, groups))
    : [word]
}
